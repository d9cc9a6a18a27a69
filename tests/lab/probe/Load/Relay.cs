using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>relay</c>, the options of <see cref="GroupSocket"/>, and <c>--out-to GROUP --out-port P --out-from ADDRESS</c>: sends each datagram on as it is, which is
/// the least that any synchroniser does. Prints "ready".
/// </summary>
internal static unsafe class Relay
{
    private const int Largest = 65_535;

    public static int Run(Arguments arguments)
    {
        var input = new GroupSocket(arguments);
        var target = new Ipv4SocketAddress(arguments.Address("out-to"), arguments.Number("out-port", 0));
        int output = SyncMessage.Open(arguments.Address("out-from"));
        byte[] buffer = new byte[Largest];
        Console.WriteLine("ready");
        fixed (byte* data = buffer)
        {
            while (true)
            {
                int length = input.Receive(buffer);
                Libc.Check((int)Libc.SendTo(output, data, (nuint)length, 0, &target, sizeof(Ipv4SocketAddress)), "sendto");
            }
        }
    }
}
