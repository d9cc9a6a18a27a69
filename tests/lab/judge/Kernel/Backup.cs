using System.Globalization;
using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// The kernel's sync backup on <c>lo</c> of a separate network namespace. It receives multicast on <c>lo</c>, where each datagram arrives
/// once. The calling thread stays in the namespace afterwards, so only one backup can be used at a time, and by one thread.
/// </summary>
internal sealed unsafe class Backup : IDisposable
{
    public const byte SyncId = 5;

    private const int Port = 8848;
    private const int Burst = 20;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly Ipv4SocketAddress _group = new(IPAddress.Parse("224.0.0.81"), Port);
    private readonly int _socket;
    private int _sinceWait;

    public Backup()
    {
        NetworkNamespace.Enter();
        _socket = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        uint loopback = BitConverter.ToUInt32(IPAddress.Loopback.GetAddressBytes());
        Libc.Check(Libc.SetOption(_socket, Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, &loopback, sizeof(uint)), "multicast interface");
        var daemon = new DaemonUser { State = Calls.IP_VS_STATE_BACKUP, SyncId = SyncId };
        "lo"u8.CopyTo(new Span<byte>(daemon.Interface, Libc.IFNAMSIZ));
        Libc.Check(
            Libc.SetOption(_socket, Libc.IPPROTO_IP, Calls.IP_VS_SO_SET_STARTDAEMON, &daemon, sizeof(DaemonUser)), "start the sync backup");
    }

    /// <summary>Sends one datagram, and waits from time to time so that the backup's queue never overflows.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        fixed (Ipv4SocketAddress* group = &_group)
        fixed (byte* data = message)
        {
            byte none = 0;
            Libc.Check(
                (int)Libc.SendTo(_socket, data is null ? &none : data, (nuint)message.Length, 0, group, sizeof(Ipv4SocketAddress)), "sendto");
        }

        if (++_sinceWait % Burst == 0) WaitUntilRead();
    }

    /// <summary>Waits until the backup has read every datagram that was sent in its namespace.</summary>
    /// <exception cref="IOException">The backup lost a datagram.</exception>
    public static void WaitUntilRead()
    {
        long start = Environment.TickCount64;
        while (!HasReadAll())
        {
            if (Environment.TickCount64 - start > _timeout.TotalMilliseconds) throw new TimeoutException("the backup does not read its socket");
            Thread.Sleep(1);
        }
    }

    /// <summary>The namespace disappears with its last socket, and with it connections and daemon.</summary>
    public void Dispose() => Libc.Close(_socket);

    // The queue of the socket does not tell: with one processor, what the loopback interface has taken may wait for ksoftirqd before any socket has it.
    private static bool HasReadAll()
    {
        string[][] udp = [.. File.ReadLines("/proc/thread-self/net/snmp").Where(line => line.StartsWith("Udp:", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        if (Counter("InErrors") is > 0 and long dropped) throw new IOException($"the kernel's socket dropped {dropped} datagrams");
        return Counter("InDatagrams") == Counter("OutDatagrams");

        long Counter(string name) => long.Parse(udp[1][Array.IndexOf(udp[0], name)], CultureInfo.InvariantCulture);
    }
}
