using System.Buffers.Binary;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>A message, and the lane on which it came, or the port to which it goes.</summary>
internal sealed record RawMessage(int Port, byte[] Bytes);

/// <summary>Sends UDP datagrams to a group in anybody's name, on a raw socket: the headers of IPv4 and UDP are its own.</summary>
internal sealed unsafe class RawSender
{
    private const int IpLength = 20;
    private const int Headers = IpLength + 8;
    private const int Ttl = 1;

    private readonly int _fd;
    private readonly Ipv4SocketAddress _target;
    private readonly byte[] _packet = new byte[Headers + (1 << 16)];

    /// <param name="through">The address of the interface through which it sends.</param>
    /// <param name="from">Whose address the packets bear.</param>
    /// <param name="group">To whom.</param>
    public RawSender(IPAddress through, IPAddress from, IPAddress group)
    {
        uint source = BitConverter.ToUInt32(through.GetAddressBytes());
        _fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.IPPROTO_RAW), "raw socket");
        Libc.Check(Libc.SetOption(_fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, &source, sizeof(uint)), "multicast interface");
        _target = new Ipv4SocketAddress(group, 0);
        (_packet[0], _packet[8], _packet[9]) = (0x45, Ttl, Libc.IPPROTO_UDP);
        from.GetAddressBytes().CopyTo(_packet, 12);
        group.GetAddressBytes().CopyTo(_packet, 16);
    }

    /// <summary>Sends one. The kernel fills in length and checksum of the IP header; UDP needs none.</summary>
    public void Send(int port, ReadOnlySpan<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpLength), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpLength + 2), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpLength + 4), (ushort)(message.Length + Headers - IpLength));
        message.CopyTo(_packet.AsSpan(Headers));
        Ipv4SocketAddress target = _target;
        fixed (byte* data = _packet)
            Libc.Check((int)Libc.SendTo(_fd, data, (nuint)(Headers + message.Length), 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
    }
}
