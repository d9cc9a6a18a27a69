using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Ipvs;

/// <summary>A sync daemon as netlink attributes (spec §7.3, DAEMON). The port is in host order, unlike those of services.</summary>
internal static class SyncDaemonCodec
{
    /// <summary>Adds the nested DAEMON attribute of a start request.</summary>
    internal static void Write(NetlinkMessageBuilder request, SyncDaemon daemon)
    {
        int nested = request.BeginNested(LinuxIpVs.IPVS_CMD_ATTR_DAEMON);
        request.Add(LinuxIpVs.IPVS_DAEMON_ATTR_STATE, (uint)daemon.Role)
            .Add(LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_IFN, daemon.Interface)
            .Add(LinuxIpVs.IPVS_DAEMON_ATTR_SYNC_ID, daemon.SyncId);
        if (daemon.MaxLength != 0)
            request.Add(LinuxIpVs.IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.MaxLength);
        WriteGroup(request, daemon.Group);
        request.Add(LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_PORT, daemon.Port)
            .Add(LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_TTL, daemon.Ttl)
            .EndNested(nested);
    }

    /// <summary>Adds the nested DAEMON attribute of a stop request.</summary>
    internal static void WriteRole(NetlinkMessageBuilder request, SyncDaemonRole role)
    {
        int nested = request.BeginNested(LinuxIpVs.IPVS_CMD_ATTR_DAEMON);
        request.Add(LinuxIpVs.IPVS_DAEMON_ATTR_STATE, (uint)role).EndNested(nested);
    }

    /// <summary>Reads the content of a DAEMON attribute of a dump, which has the values in effect.</summary>
    internal static SyncDaemon Read(ref AttributeReader attributes)
    {
        var daemon = new SyncDaemon { Role = default, Interface = string.Empty };
        while (attributes.Next())
            daemon = With(daemon, ref attributes);
        return daemon;
    }

    private static SyncDaemon With(SyncDaemon daemon, ref AttributeReader attribute) => attribute.Type switch
    {
        LinuxIpVs.IPVS_DAEMON_ATTR_STATE => daemon with { Role = (SyncDaemonRole)attribute.U32() },
        LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_IFN => daemon with { Interface = attribute.Text() },
        LinuxIpVs.IPVS_DAEMON_ATTR_SYNC_ID => daemon with { SyncId = attribute.U32() },
        LinuxIpVs.IPVS_DAEMON_ATTR_SYNC_MAXLEN => daemon with { MaxLength = attribute.U16() },
        LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_GROUP => daemon with { Group = new IPAddress(attribute.Bytes(4)) },
        LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_GROUP6 => daemon with { Group = new IPAddress(attribute.Bytes(16)) },
        LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_PORT => daemon with { Port = attribute.U16() },
        LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_TTL => daemon with { Ttl = attribute.U8() },
        _ => daemon,
    };

    private static void WriteGroup(NetlinkMessageBuilder request, IPAddress group)
    {
        Span<byte> bytes = stackalloc byte[16];
        group.TryWriteBytes(bytes, out int length);
        ushort type = group.AddressFamily == AddressFamily.InterNetworkV6
            ? LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_GROUP6
            : LinuxIpVs.IPVS_DAEMON_ATTR_MCAST_GROUP;
        request.AddBytes(type, bytes[..length]);
    }
}
