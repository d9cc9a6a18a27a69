using System.Buffers.Binary;
using System.Net;

namespace IpvsSync.Lab.Watching;

/// <summary>Counts one sender's sync messages: Ethernet 14, IPv4, UDP 8, then the message (spec 1.1, 2.1).</summary>
internal sealed class SyncCounter(string interfaceName, IPAddress sender, int port)
{
    private const int EthernetHeader = 14;
    private const int UdpHeader = 8;
    private const int MostPorts = 64;
    private const byte Udp = 17;

    private readonly PacketSocket _socket = new(interfaceName);
    private readonly byte[] _frame = new byte[2048];
    private readonly uint _sender = BinaryPrimitives.ReadUInt32BigEndian(sender.GetAddressBytes());

    private long _datagrams;
    private long _bytes;
    private long _records;
    private long _version0;
    private long _malformed;
    private int _largest;

    public WireResult Result => new(_datagrams, _bytes, _records, _version0, _malformed, _largest, _socket.Dropped());

    /// <summary>Counts all frames that wait.</summary>
    public void Drain()
    {
        for (int length = _socket.TryReceive(_frame); length > 0; length = _socket.TryReceive(_frame))
            Count(_frame.AsSpan(0, Math.Min(length, _frame.Length)), length);
    }

    private void Count(ReadOnlySpan<byte> frame, int length)
    {
        if (frame.Length < EthernetHeader + 20 + UdpHeader)
            return;
        ReadOnlySpan<byte> ip = frame[EthernetHeader..];
        int header = (ip[0] & 0x0F) * 4;
        if (ip[9] != Udp || BinaryPrimitives.ReadUInt32BigEndian(ip[12..]) != _sender || ip.Length < header + UdpHeader)
            return;
        int target = BinaryPrimitives.ReadUInt16BigEndian(ip[(header + 2)..]);
        if (target < port || target >= port + MostPorts)
            return;
        _datagrams++;
        _bytes += length;
        CountRecords(ip[(header + UdpHeader)..]);
    }

    private void CountRecords(ReadOnlySpan<byte> message)
    {
        if (message.Length < 8 || BinaryPrimitives.ReadUInt16BigEndian(message[2..]) > message.Length)
        {
            _malformed++;
            return;
        }

        bool version1 = message[0] == 0 && message[5] == 1 && message[6] == 0 && message[7] == 0;
        int records = version1 ? message[4] : message[0];
        _version0 += version1 ? 0 : 1;
        _records += records;
        _largest = Math.Max(_largest, records);
    }
}
