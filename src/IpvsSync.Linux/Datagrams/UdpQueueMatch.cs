using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Selects the requested socket from struct inet_diag_msg replies (linux/inet_diag.h).</summary>
/// <remarks>
/// <code>
///  0 family u8 | state u8 | timer u8 | retransmits u8
///  4 source port BE u16 | destination port BE u16 | source 16 | destination 16 | interface u32 | cookie 8
/// 52 expires u32 | receive queue u32 | send queue u32 | user u32 | inode u32 | attributes
/// </code>
/// A socket bound to the interface is preferred to one that is bound to no interface.
/// </remarks>
internal sealed class UdpQueueMatch
{
    private readonly byte[] _group = new byte[16];
    private int _port;
    private uint _interfaceIndex;
    private bool _foundOnInterface;

    /// <summary>The queue of the best match since <see cref="Forget"/>.</summary>
    internal UdpQueue? Found { get; private set; }

    internal void Expect(IPAddress group, int port, uint interfaceIndex)
    {
        _group.AsSpan().Clear();
        group.TryWriteBytes(_group, out _);
        _port = port;
        _interfaceIndex = interfaceIndex;
        Forget();
    }

    internal void Forget()
    {
        Found = null;
        _foundOnInterface = false;
    }

    internal void Consider(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < LinuxInetDiag.MessageSize)
            return;
        if (BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) != _port || !payload.Slice(8, _group.Length).SequenceEqual(_group))
            return;

        uint boundTo = MemoryMarshal.Read<uint>(payload[40..]);
        bool onInterface = boundTo != 0 && boundTo == _interfaceIndex;
        bool elsewhere = boundTo != 0 && _interfaceIndex != 0 && !onInterface;
        if (elsewhere || (Found != null && (_foundOnInterface || !onInterface)))
            return;
        Found = ReadMemory(payload[LinuxInetDiag.MessageSize..]);
        _foundOnInterface = onInterface;
    }

    private static UdpQueue? ReadMemory(ReadOnlySpan<byte> payload)
    {
        var attributes = new AttributeReader(payload);
        while (attributes.Next())
        {
            if (attributes.Type != LinuxInetDiag.INET_DIAG_SKMEMINFO)
                continue;
            ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(attributes.Value);
            if (words.Length <= LinuxSockDiag.SK_MEMINFO_DROPS)
                return null;
            return new UdpQueue(
                words[LinuxSockDiag.SK_MEMINFO_RMEM_ALLOC],
                words[LinuxSockDiag.SK_MEMINFO_RCVBUF],
                words[LinuxSockDiag.SK_MEMINFO_DROPS]);
        }

        return null;
    }
}
