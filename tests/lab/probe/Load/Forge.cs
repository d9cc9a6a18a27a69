using System.Buffers.Binary;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>forge --to GROUP --port P --from A --client A --client-port P --service A [--service-port P] --destination A [--state N] [--timeout
/// S]</c>: multicasts, from the interface with the address A, one valid message with one TCP connection by direct routing (spec §2.1,
/// §2.2). By default it is established with a timeout of 900 s. An attacker should not be able to do this.
/// </summary>
internal static unsafe class Forge
{
    private const int HeaderSize = 8;
    private const int EntrySize = 36;
    private const byte Tcp = 6;
    private const int DirectRouting = 3;
    private const short Established = 1;
    private const int TimeoutSeconds = 900;

    public static int Run(Arguments arguments)
    {
        var target = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 0));
        uint source = BitConverter.ToUInt32(arguments.Address("from").GetAddressBytes());
        Span<byte> message = stackalloc byte[HeaderSize + EntrySize];
        Write(message, arguments);
        int fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        Libc.Check(Libc.SetOption(fd, Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, &source, sizeof(uint)), "multicast interface");
        fixed (byte* data = message)
            Libc.Check((int)Libc.SendTo(fd, data, (nuint)message.Length, 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
        return 0;
    }

    private static void Write(Span<byte> message, Arguments arguments)
    {
        message.Clear();
        BinaryPrimitives.WriteInt16BigEndian(message[2..], (short)message.Length);
        message[4] = 1;
        message[5] = 1;
        Span<byte> entry = message[HeaderSize..];
        entry[1] = Tcp;
        BinaryPrimitives.WriteInt16BigEndian(entry[2..], EntrySize);
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], DirectRouting);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], (short)arguments.Number("state", Established));
        BinaryPrimitives.WriteUInt16BigEndian(entry[10..], (ushort)arguments.Number("client-port", 0));
        BinaryPrimitives.WriteUInt16BigEndian(entry[12..], (ushort)arguments.Number("service-port", 80));
        BinaryPrimitives.WriteUInt16BigEndian(entry[14..], (ushort)arguments.Number("service-port", 80));
        BinaryPrimitives.WriteInt32BigEndian(entry[20..], (int)arguments.Number("timeout", TimeoutSeconds));
        Put(arguments.Address("client"), entry[24..]);
        Put(arguments.Address("service"), entry[28..]);
        Put(arguments.Address("destination"), entry[32..]);
    }

    private static void Put(IPAddress address, Span<byte> place) => address.GetAddressBytes().CopyTo(place);
}
