using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Netlink;

/// <summary>Iterates over the messages of one datagram. An error sticks, as in <see cref="AttributeReader"/>.</summary>
internal ref struct NetlinkMessageReader
{
    private ReadOnlySpan<byte> _rest;

    internal NetlinkMessageReader(ReadOnlySpan<byte> datagram)
    {
        _rest = datagram;
    }

    /// <summary>A length reached outside the datagram.</summary>
    internal bool Failed { get; private set; }

    internal ushort Type { get; private set; }

    internal ushort Flags { get; private set; }

    internal uint Sequence { get; private set; }

    /// <summary>The bytes after the message's header.</summary>
    internal ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Moves to the next message; false at the end and after an error.</summary>
    internal bool Next()
    {
        if (Failed || _rest.IsEmpty)
            return false;
        uint length = _rest.Length < LinuxNetlink.NLMSG_HDRLEN ? 0 : MemoryMarshal.Read<uint>(_rest);
        if (length < LinuxNetlink.NLMSG_HDRLEN || length > (uint)_rest.Length)
        {
            Failed = true;
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Payload = _rest[LinuxNetlink.NLMSG_HDRLEN..(int)length];
        _rest = _rest[Math.Min(LinuxNetlink.Align((int)length), _rest.Length)..];
        return true;
    }
}
