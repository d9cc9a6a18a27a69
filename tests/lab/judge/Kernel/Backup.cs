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
    private const int DropsColumn = 12;
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

    /// <summary>Waits until the backup has read every datagram from its queue.</summary>
    /// <exception cref="IOException">The backup lost a datagram.</exception>
    public static void WaitUntilRead()
    {
        long start = Environment.TickCount64;
        while (!QueueIsEmpty())
        {
            if (Environment.TickCount64 - start > _timeout.TotalMilliseconds) throw new TimeoutException("the backup does not read its socket");
            Thread.Sleep(1);
        }
    }

    /// <summary>The namespace disappears with its last socket, and with it connections and daemon.</summary>
    public void Dispose() => Libc.Close(_socket);

    // sl local rem st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops
    private static bool QueueIsEmpty()
    {
        foreach (string line in File.ReadLines("/proc/thread-self/net/udp").Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[1].EndsWith($":{Port:X4}", StringComparison.Ordinal)) continue;
            if (words[DropsColumn] != "0") throw new IOException($"the kernel's socket dropped {words[DropsColumn]} datagrams");
            return uint.Parse(words[4][(words[4].IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == 0;
        }

        throw new IOException("the sync backup has no socket");
    }
}
