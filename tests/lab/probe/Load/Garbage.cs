using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>garbage --to GROUP --port P --count N --seed S [--flood]</c>: sends datagrams that are not sync messages, one after another: random
/// bytes, messages cut short, wrong sizes, entries that point outside, unknown versions. Multicast leaves through the interface that the
/// routing table selects. It is paced, so that a receiver can count every datagram; a flood is not, and ends when it is killed or complete.
/// </summary>
internal static unsafe class Garbage
{
    private const int LargestSize = 1472;
    private const int Kinds = 5;
    private const int Burst = 25;
    private const int PauseMilliseconds = 10;

    public static int Run(Arguments arguments)
    {
        var target = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 8848));
        var random = new Random(arguments.Number("seed", 1));
        int count = arguments.Number("count", 1000);
        bool isPaced = !arguments.Has("flood");
        int fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        byte[] buffer = new byte[LargestSize];
        for (int i = 0; i < count; i++)
        {
            int length = Fill(buffer, i % Kinds, random);
            fixed (byte* data = buffer)
                Libc.Check((int)Libc.SendTo(fd, data, (nuint)length, 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
            if (isPaced && i % Burst == Burst - 1)
                Thread.Sleep(PauseMilliseconds);
        }

        Console.WriteLine($"{count} datagrams sent");
        return 0;
    }

    private static int Fill(byte[] buffer, int kind, Random random)
    {
        int length = random.Next(1, LargestSize + 1);
        random.NextBytes(buffer);
        switch (kind)
        {
            case 0: // random bytes whose size field never fits
                return SetSize(buffer, Math.Max(length, 8), Math.Max(length, 8) + 1);
            case 1: // a header cut short
                return random.Next(1, 4);
            case 2: // a version 1 header, then an entry with an unknown type
                Header(buffer, 60, 1);
                buffer[8] = 0x02;
                return 60;
            case 3: // a version 1 entry that claims more bytes than came
                Header(buffer, 44, 1);
                buffer[8] = 0;
                buffer[10] = 0x0F;
                buffer[11] = 0xFF;
                return 44;
            default: // a version 1 entry of an unknown protocol
                Header(buffer, 44, 1);
                new byte[] { 0, 99, 0, 36, 0, 0, 0, 0, 0, 1 }.CopyTo(buffer, 8);
                return 44;
        }
    }

    private static void Header(byte[] buffer, int size, byte records)
    {
        buffer.AsSpan(0, 8).Clear();
        SetSize(buffer, size, size);
        buffer[4] = records;
        buffer[5] = 1;
    }

    private static int SetSize(byte[] buffer, int length, int claimed)
    {
        BitConverter.TryWriteBytes(buffer.AsSpan(2), IPAddress.HostToNetworkOrder((short)claimed));
        return length;
    }
}
