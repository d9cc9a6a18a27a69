using System.Buffers.Binary;
using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The three endpoints of a connection, and its state.</summary>
internal static class EntryParts
{
    /// <summary>The client.</summary>
    public static IpEndpoint Client(in ConnectionEntry entry) => new(entry.Key.Family, entry.Key.Client, entry.Key.ClientPort);

    /// <summary>The service.</summary>
    public static IpEndpoint Virtual(in ConnectionEntry entry) => new(entry.Key.Family, entry.Key.Virtual, entry.Key.VirtualPort);

    /// <summary>The real server.</summary>
    public static IpEndpoint Real(in ConnectionEntry entry) => new(entry.Key.Family, entry.Real, entry.RealPort);

    /// <summary>The service's mark if the entry is the template of a firewall-mark service (spec §2.2), otherwise null.</summary>
    public static uint? ServiceMark(in ConnectionEntry entry)
    {
        if (!entry.Key.IsTemplate || entry.Key.Protocol != IpProtocol.Ip) return null;
        Span<byte> address = stackalloc byte[entry.Key.Family == IpFamily.IPv6 ? 16 : 4];
        entry.Key.Virtual.CopyTo(address);
        return BinaryPrimitives.ReadUInt32BigEndian(address);
    }

    /// <summary>The state's name.</summary>
    public static string State(in ConnectionEntry entry, ushort state) =>
        ConnectionState.Name(entry.Key.Protocol, state, entry.Key.IsTemplate);
}
