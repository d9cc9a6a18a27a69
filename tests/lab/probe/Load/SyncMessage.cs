using System.Buffers.Binary;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// Sends numbered connections by direct routing in version 1 messages, as a kernel's master would: <c>--to GROUP --port P --from A
/// --service A [--service-port P] --destination A [--destination A]... [--entries N]</c>, from the interface with the address A. A message
/// has N entries at most, 40 by default; those that a kernel sends to a daemon of ours have one.
/// </summary>
internal sealed unsafe class SyncMessage
{
    private const int HeaderSize = 8;
    private const int EntrySize = 36;
    private const int MostEntries = 40;
    private const byte Tcp = 6;
    private const int DirectRouting = 0x83;
    private const int PortsPerClient = 50_000;
    private const int FirstPort = 10_000;
    private const int FirstClient = 0x0AC80001; // 10.200.0.1

    private readonly byte[][] _destinations;
    private readonly Ipv4SocketAddress _target;
    private readonly int _fd;
    private readonly byte[] _message = new byte[HeaderSize + (MostEntries * EntrySize)];
    private readonly int _entries;
    private int _records;

    public SyncMessage(Arguments arguments)
    {
        _destinations = [.. arguments.All("destination").Select(text => IPAddress.Parse(text).GetAddressBytes())];
        _target = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 0));
        _fd = Open(arguments.Address("from"));
        _entries = Math.Clamp(arguments.Number("entries", MostEntries), 1, MostEntries);
        _message[5] = 1;
        byte[] entry = Entry(arguments);
        for (int i = 0; i < MostEntries; i++)
            entry.CopyTo(_message, HeaderSize + (i * EntrySize));
    }

    /// <summary>Adds an entry, and sends the message when it is full.</summary>
    public void Add(int connection, short state, int timeoutSeconds)
    {
        Span<byte> entry = _message.AsSpan(HeaderSize + (_records++ * EntrySize), EntrySize);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], state);
        BinaryPrimitives.WriteUInt16BigEndian(entry[10..], (ushort)(FirstPort + (connection % PortsPerClient)));
        BinaryPrimitives.WriteInt32BigEndian(entry[20..], timeoutSeconds);
        BinaryPrimitives.WriteInt32BigEndian(entry[24..], FirstClient + (connection / PortsPerClient));
        _destinations[connection % _destinations.Length].CopyTo(entry[32..]);
        if (_records == _entries)
            Send();
    }

    /// <summary>Sends the entries added so far.</summary>
    public void Send()
    {
        if (_records == 0)
            return;
        int length = HeaderSize + (_records * EntrySize);
        BinaryPrimitives.WriteInt16BigEndian(_message.AsSpan(2), (short)length);
        _message[4] = (byte)_records;
        _records = 0;
        Ipv4SocketAddress target = _target;
        fixed (byte* data = _message)
            Libc.Check((int)Libc.SendTo(_fd, data, (nuint)length, 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
    }

    /// <summary>The number of the connection in an entry.</summary>
    public static int NumberOf(ReadOnlySpan<byte> entry)
        => ((BinaryPrimitives.ReadInt32BigEndian(entry[24..]) - FirstClient) * PortsPerClient) + BinaryPrimitives.ReadUInt16BigEndian(entry[10..]) - FirstPort;

    /// <summary>Opens a socket that sends from the interface with this address.</summary>
    public static int Open(IPAddress from)
    {
        uint source = BitConverter.ToUInt32(from.GetAddressBytes());
        int fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        Libc.Check(Libc.SetOption(fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, &source, sizeof(uint)), "multicast interface");
        return fd;
    }

    private static byte[] Entry(Arguments arguments)
    {
        byte[] entry = new byte[EntrySize];
        entry[1] = Tcp;
        BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(2), EntrySize);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), DirectRouting);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(12), (ushort)arguments.Number("service-port", 80));
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(14), (ushort)arguments.Number("service-port", 80));
        arguments.Address("service").GetAddressBytes().CopyTo(entry, 28);
        return entry;
    }
}
