using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Netlink;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Ipvs;

/// <summary>A service as netlink attributes (spec §7.3, SERVICE).</summary>
internal static class ServiceCodec
{
    /// <summary>Adds the nested SERVICE attribute that identifies a service, without its other values.</summary>
    internal static void WriteIdentity(NetlinkMessageBuilder request, IpvsService service)
    {
        int nested = request.BeginNested(LinuxIpVs.IPVS_CMD_ATTR_SERVICE);
        WriteName(request, service);
        request.EndNested(nested);
    }

    /// <summary>Adds the nested SERVICE attribute that describes a service in a request to create it.</summary>
    internal static void Write(NetlinkMessageBuilder request, IpvsService service)
    {
        int nested = request.BeginNested(LinuxIpVs.IPVS_CMD_ATTR_SERVICE);
        WriteName(request, service);
        request.Add(LinuxIpVs.IPVS_SVC_ATTR_SCHED_NAME, service.Scheduler);
        if (service.PersistenceEngine != null)
            request.Add(LinuxIpVs.IPVS_SVC_ATTR_PE_NAME, service.PersistenceEngine);
        WriteFlags(request, service.Flags);
        request.Add(LinuxIpVs.IPVS_SVC_ATTR_TIMEOUT, service.Timeout);
        WriteNetmask(request, service);
        request.EndNested(nested);
    }

    /// <summary>Reads the content of a SERVICE attribute.</summary>
    internal static IpvsService Read(ref AttributeReader attributes)
    {
        var service = new IpvsService();
        ReadOnlySpan<byte> address = default;
        ReadOnlySpan<byte> netmask = default;
        bool stats64 = false;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                // Their format depends on the family, which may come later.
                case LinuxIpVs.IPVS_SVC_ATTR_ADDR:
                    address = attributes.Bytes(AddressCodec.Size);
                    break;
                case LinuxIpVs.IPVS_SVC_ATTR_NETMASK:
                    netmask = attributes.Bytes(sizeof(uint));
                    break;
                case LinuxIpVs.IPVS_SVC_ATTR_STATS when stats64:
                    break;
                default:
                    stats64 |= attributes.Type == LinuxIpVs.IPVS_SVC_ATTR_STATS64;
                    service = With(service, ref attributes);
                    break;
            }
        }

        return service with
        {
            Address = address.IsEmpty ? null : AddressCodec.Read(address, service.Family),
            PrefixLength = PrefixLength(netmask, service.Family),
        };
    }

    private static void WriteName(NetlinkMessageBuilder request, IpvsService service)
    {
        request.Add(LinuxIpVs.IPVS_SVC_ATTR_AF, AddressCodec.KernelFamily(service.Family));
        if (service.FirewallMark != 0)
            request.Add(LinuxIpVs.IPVS_SVC_ATTR_FWMARK, service.FirewallMark);
        else
            WriteAddress(request, service);
    }

    // struct ip_vs_flags: the flags, then a mask of the valid ones. If a service has the flag "hashed", the kernel assumes that it is in
    // its table already, and never finds it again.
    private static void WriteFlags(NetlinkMessageBuilder request, uint flags)
    {
        Span<uint> words = [flags & ~LinuxIpVs.IP_VS_SVC_F_HASHED, uint.MaxValue];
        request.AddBytes(LinuxIpVs.IPVS_SVC_ATTR_FLAGS, MemoryMarshal.AsBytes(words));
    }

    private static void WriteAddress(NetlinkMessageBuilder request, IpvsService service)
    {
        Span<byte> address = stackalloc byte[AddressCodec.Size];
        AddressCodec.Write(address, service.Address ?? IPAddress.Any);
        request.Add(LinuxIpVs.IPVS_SVC_ATTR_PROTOCOL, service.Protocol)
            .AddBytes(LinuxIpVs.IPVS_SVC_ATTR_ADDR, address)
            .AddBigEndian(LinuxIpVs.IPVS_SVC_ATTR_PORT, service.Port);
    }

    private static IpvsService With(IpvsService service, ref AttributeReader attribute) => attribute.Type switch
    {
        LinuxIpVs.IPVS_SVC_ATTR_AF => service with { Family = AddressCodec.Family(attribute.U16()) },
        LinuxIpVs.IPVS_SVC_ATTR_PROTOCOL => service with { Protocol = attribute.U16() },
        LinuxIpVs.IPVS_SVC_ATTR_PORT => service with { Port = attribute.U16BigEndian() },
        LinuxIpVs.IPVS_SVC_ATTR_FWMARK => service with { FirewallMark = attribute.U32() },
        LinuxIpVs.IPVS_SVC_ATTR_SCHED_NAME => service with { Scheduler = attribute.Text() },
        LinuxIpVs.IPVS_SVC_ATTR_FLAGS => service with { Flags = attribute.U32() },
        LinuxIpVs.IPVS_SVC_ATTR_TIMEOUT => service with { Timeout = attribute.U32() },
        LinuxIpVs.IPVS_SVC_ATTR_PE_NAME => service with { PersistenceEngine = attribute.Text() },
        LinuxIpVs.IPVS_SVC_ATTR_STATS or LinuxIpVs.IPVS_SVC_ATTR_STATS64 =>
            service with { Statistics = StatisticsCodec.Read(ref attribute) },
        _ => service,
    };

    // IPv4: a mask in network order. IPv6: the length itself, in host order.
    private static int PrefixLength(ReadOnlySpan<byte> netmask, AddressFamily family)
    {
        if (netmask.IsEmpty)
            return 0;
        return family == AddressFamily.InterNetworkV6
            ? (int)MemoryMarshal.Read<uint>(netmask)
            : BitOperations.PopCount(BinaryPrimitives.ReadUInt32BigEndian(netmask));
    }

    private static void WriteNetmask(NetlinkMessageBuilder request, IpvsService service)
    {
        if (service.Family == AddressFamily.InterNetworkV6)
            request.Add(LinuxIpVs.IPVS_SVC_ATTR_NETMASK, (uint)service.PrefixLength);
        else
            request.AddBytes(LinuxIpVs.IPVS_SVC_ATTR_NETMASK, SocketAddress.Netmask(service.PrefixLength).GetAddressBytes());
    }
}
