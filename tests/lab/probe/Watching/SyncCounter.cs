using System.Buffers.Binary;
using System.Net;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// Counts one sender's sync messages: Ethernet 14, IPv4 or IPv6, UDP 8, then the message (spec §1.1, §2.1). A packet that is captured
/// before the kernel splits it into segments contains several messages, which count as the separate datagrams, with headers, that are sent
/// in the end. Messages without entries, which only our daemon sends, are counted apart.
/// </summary>
internal sealed class SyncCounter(string interfaceName, IPAddress sender, int port)
{
    private const int EthernetHeader = 14;
    private const int UdpHeader = 8;
    private const int IPv6Length = 16;
    private const int MostPorts = 64;
    private const byte Udp = 17;

    private readonly PacketSocket _socket = new(interfaceName, sender.AddressFamily);
    private readonly byte[] _frame = new byte[1 << 16];
    private readonly byte[] _sender = sender.GetAddressBytes();
    private readonly SortedDictionary<int, long> _recordsByPort = [];

    private long _datagrams;
    private long _bytes;
    private long _records;
    private long _version0;
    private long _malformed;
    private long _control;
    private long _controlBytes;
    private int _largest;
    private long _from = Clock.Now;

    public WireResult Result => new(_from, Clock.Now, _datagrams, _bytes, _records, _version0, _malformed, _largest, _socket.Dropped(), _recordsByPort, _control, _controlBytes);

    /// <summary>Resets the counts; counting starts now.</summary>
    public void Restart()
    {
        _from = Clock.Now;
        _datagrams = _bytes = _records = _version0 = _malformed = _control = _controlBytes = _largest = 0;
        _recordsByPort.Clear();
        _ = _socket.Dropped();
    }

    /// <summary>Counts all waiting frames.</summary>
    public void Drain()
    {
        for (int length = _socket.TryReceive(_frame); length > 0; length = _socket.TryReceive(_frame))
            Count(_frame.AsSpan(0, Math.Min(length, _frame.Length)));
    }

    private void Count(ReadOnlySpan<byte> frame)
    {
        if (frame.Length <= EthernetHeader)
            return;
        ReadOnlySpan<byte> ip = frame[EthernetHeader..];
        int header = UdpOffset(ip);
        if (header == 0 || ip.Length < header + UdpHeader)
            return;
        int target = BinaryPrimitives.ReadUInt16BigEndian(ip[(header + 2)..]);
        if (target < port || target >= port + MostPorts)
            return;
        int headers = EthernetHeader + header + UdpHeader;
        ReadOnlySpan<byte> rest = frame[headers..];
        do
        {
            int length = MessageLength(rest);
            if (IsControl(rest[..length]))
            {
                _control++;
                _controlBytes += headers + length;
            }
            else
            {
                _datagrams++;
                _bytes += headers + length;
                CountRecords(target, rest[..length]);
            }

            rest = rest[length..];
        }
        while (!rest.IsEmpty);
    }

    /// <summary>The length in the message's own header; the length of all bytes if that cannot be right.</summary>
    private static int MessageLength(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return length < 4 || length > bytes.Length ? bytes.Length : length;
    }

    /// <summary>The start of the UDP header in a packet of the sender, or 0.</summary>
    private int UdpOffset(ReadOnlySpan<byte> ip)
    {
        if (_sender.Length == IPv6Length)
            return ip.Length >= 40 && ip[6] == Udp && ip.Slice(8, IPv6Length).SequenceEqual(_sender) ? 40 : 0;
        return ip.Length >= 20 && ip[9] == Udp && ip.Slice(12, 4).SequenceEqual(_sender) ? (ip[0] & 0x0F) * 4 : 0;
    }

    private void CountRecords(int target, ReadOnlySpan<byte> message)
    {
        if (message.Length < 8 || BinaryPrimitives.ReadUInt16BigEndian(message[2..]) > message.Length)
        {
            _malformed++;
            return;
        }

        bool version1 = IsVersion1(message);
        int records = version1 ? message[4] : message[0];
        _version0 += version1 ? 0 : 1;
        _records += records;
        _recordsByPort[target] = _recordsByPort.GetValueOrDefault(target) + records;
        _largest = Math.Max(_largest, records);
    }

    private static bool IsVersion1(ReadOnlySpan<byte> message) => message[0] == 0 && message[5] == 1 && message[6] == 0 && message[7] == 0;

    private static bool IsControl(ReadOnlySpan<byte> message) => message.Length > 8 && IsVersion1(message) && message[4] == 0;
}
