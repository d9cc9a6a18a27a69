using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Ipvs;

/// <summary>A destination as netlink attributes (spec §7.3, DEST).</summary>
internal static class DestinationCodec
{
    /// <summary>Adds the nested DEST attribute that describes a destination in a request to create it.</summary>
    internal static void Write(NetlinkMessageBuilder request, IpvsDestination destination)
    {
        int nested = request.BeginNested(LinuxIpVs.IPVS_CMD_ATTR_DEST);
        Span<byte> address = stackalloc byte[AddressCodec.Size];
        AddressCodec.Write(address, destination.Address);
        request.AddBytes(LinuxIpVs.IPVS_DEST_ATTR_ADDR, address)
            .AddBigEndian(LinuxIpVs.IPVS_DEST_ATTR_PORT, destination.Port)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_FWD_METHOD, destination.ForwardingMethod)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_WEIGHT, (uint)destination.Weight)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_U_THRESH, destination.UpperThreshold)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_L_THRESH, destination.LowerThreshold)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_ADDR_FAMILY, AddressCodec.KernelFamily(destination.Address.AddressFamily));
        if (destination.TunnelType != 0)
            WriteTunnel(request, destination);
        request.EndNested(nested);
    }

    private static void WriteTunnel(NetlinkMessageBuilder request, IpvsDestination destination) =>
        request.Add(LinuxIpVs.IPVS_DEST_ATTR_TUN_TYPE, destination.TunnelType)
            .AddBigEndian(LinuxIpVs.IPVS_DEST_ATTR_TUN_PORT, destination.TunnelPort)
            .Add(LinuxIpVs.IPVS_DEST_ATTR_TUN_FLAGS, destination.TunnelFlags);

    /// <summary>Reads the content of a DEST attribute.</summary>
    /// <param name="attributes">At its end afterwards.</param>
    /// <param name="serviceFamily">The destination's family on kernels before 3.19, which do not report it.</param>
    internal static IpvsDestination Read(ref AttributeReader attributes, AddressFamily serviceFamily)
    {
        var destination = new IpvsDestination { Address = IPAddress.None };
        ReadOnlySpan<byte> address = new byte[AddressCodec.Size];
        AddressFamily family = serviceFamily;
        bool stats64 = false;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                // The address's length depends on the family, which comes last.
                case LinuxIpVs.IPVS_DEST_ATTR_ADDR:
                    address = attributes.Bytes(AddressCodec.Size);
                    break;
                case LinuxIpVs.IPVS_DEST_ATTR_ADDR_FAMILY:
                    family = AddressCodec.Family(attributes.U16());
                    break;
                case LinuxIpVs.IPVS_DEST_ATTR_STATS when stats64:
                    break;
                default:
                    stats64 |= attributes.Type == LinuxIpVs.IPVS_DEST_ATTR_STATS64;
                    destination = With(destination, ref attributes);
                    break;
            }
        }

        return destination with { Address = AddressCodec.Read(address, family) };
    }

    private static IpvsDestination With(IpvsDestination destination, ref AttributeReader attribute) => attribute.Type switch
    {
        LinuxIpVs.IPVS_DEST_ATTR_PORT => destination with { Port = attribute.U16BigEndian() },
        LinuxIpVs.IPVS_DEST_ATTR_FWD_METHOD => destination with { ForwardingMethod = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_WEIGHT => destination with { Weight = (int)attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_U_THRESH => destination with { UpperThreshold = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_L_THRESH => destination with { LowerThreshold = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_ACTIVE_CONNS => destination with { ActiveConnections = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_INACT_CONNS => destination with { InactiveConnections = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_PERSIST_CONNS => destination with { PersistentConnections = attribute.U32() },
        LinuxIpVs.IPVS_DEST_ATTR_TUN_TYPE => destination with { TunnelType = attribute.U8() },
        LinuxIpVs.IPVS_DEST_ATTR_TUN_PORT => destination with { TunnelPort = attribute.U16BigEndian() },
        LinuxIpVs.IPVS_DEST_ATTR_TUN_FLAGS => destination with { TunnelFlags = attribute.U16() },
        LinuxIpVs.IPVS_DEST_ATTR_STATS or LinuxIpVs.IPVS_DEST_ATTR_STATS64 =>
            destination with { Statistics = StatisticsCodec.Read(ref attribute) },
        _ => destination,
    };
}
