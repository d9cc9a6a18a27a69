using System.Buffers.Binary;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>burst --to GROUP --port P --from A --service A [--service-port P] --destination A --destination A --count N</c>: multicasts, from the
/// interface that has the address A, N new established connections by direct routing in full version 1 messages, as fast as the socket takes them.
/// Prints when the first one left, in nanoseconds of the lab's clock.
/// </summary>
internal static unsafe class Burst
{
    private const int HeaderSize = 8;
    private const int EntrySize = 36;
    private const int EntriesPerMessage = 40;
    private const byte Tcp = 6;
    private const int DirectRouting = 0x83;
    private const short Established = 1;
    private const int TimeoutSeconds = 900;
    private const int PortsPerClient = 50_000;
    private const int FirstPort = 10_000;
    private const int FirstClient = 0x0AC80001; // 10.200.0.1

    public static int Run(Arguments arguments)
    {
        byte[][] destinations = [.. arguments.All("destination").Select(text => IPAddress.Parse(text).GetAddressBytes())];
        var target = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 0));
        int fd = Open(arguments.Address("from"));
        int count = arguments.Number("count", 0);
        byte[] message = new byte[HeaderSize + (EntriesPerMessage * EntrySize)];
        byte[] entry = Entry(arguments);
        long start = Clock.Now;
        for (int sent = 0; sent < count;)
        {
            int records = Math.Min(EntriesPerMessage, count - sent);
            int length = HeaderSize + (records * EntrySize);
            BinaryPrimitives.WriteInt16BigEndian(message.AsSpan(2), (short)length);
            message[4] = (byte)records;
            message[5] = 1;
            for (int i = 0; i < records; i++, sent++)
                Fill(entry, sent, destinations, message.AsSpan(HeaderSize + (i * EntrySize), EntrySize));
            fixed (byte* data = message)
                Libc.Check((int)Libc.SendTo(fd, data, (nuint)length, 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
        }

        Console.WriteLine(start);
        return 0;
    }

    private static int Open(IPAddress from)
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
        BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(8), Established);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(12), (ushort)arguments.Number("service-port", 80));
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(14), (ushort)arguments.Number("service-port", 80));
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(20), TimeoutSeconds);
        arguments.Address("service").GetAddressBytes().CopyTo(entry, 28);
        return entry;
    }

    private static void Fill(byte[] entry, int number, byte[][] destinations, Span<byte> place)
    {
        entry.CopyTo(place);
        BinaryPrimitives.WriteUInt16BigEndian(place[10..], (ushort)(FirstPort + (number % PortsPerClient)));
        BinaryPrimitives.WriteInt32BigEndian(place[24..], FirstClient + (number / PortsPerClient));
        destinations[number % destinations.Length].CopyTo(place[32..]);
    }
}
