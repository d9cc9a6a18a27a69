using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>The group on which both backups listen: one datagram reaches both. The last message can be waited for.</summary>
/// <param name="source">The calling namespace's address on the sync network.</param>
/// <param name="directors">The listening directors.</param>
internal sealed class BackupWire(IPAddress source, IReadOnlyList<BackupDirector> directors) : IDisposable
{
    private const int Burst = 40; // below the capacity of a socket of the default size
    private const int TimeoutMilliseconds = 3000;
    private static readonly IPEndPoint _group = new(IPAddress.Parse("224.0.0.81"), 8848);

    private readonly Socket _socket = Open(source);
    private byte _fences;
    private int _sinceFence;

    public void Send(byte[] message)
    {
        _socket.SendTo(message, _group);
        if (++_sinceFence == Burst) WaitUntilApplied();
    }

    /// <summary>
    /// Waits until both backups have the connection sent last, which belongs to no case: then they have processed everything sent before
    /// it.
    /// </summary>
    /// <exception cref="TimeoutException">One of them does not have it in time.</exception>
    public void WaitUntilApplied()
    {
        _fences++;
        _sinceFence = 0;
        var entry = new RawEntry
        {
            Client = new IPAddress([172, 31, 255, _fences]), Virtual = new IPAddress([10, 8, 0, 1]), Real = new IPAddress([10, 8, 0, 2]), Timeout = 60,
        };
        _socket.SendTo(Cases.Bytes.V1(entry.V1()), _group);
        long start = Environment.TickCount64;
        while (!directors.All(Holds))
        {
            if (Environment.TickCount64 - start > TimeoutMilliseconds) throw new TimeoutException($"message {_fences} did not reach both backups");
            Thread.Sleep(5);
        }

        bool Holds(BackupDirector director) =>
            director.Connections().Exists(connection => connection.Key.Contains($" AC1FFF{_fences:X2} ", StringComparison.Ordinal));
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Open(IPAddress source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, source.GetAddressBytes());
        return socket;
    }
}
