using System.Net;
using System.Net.Sockets;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>replay --source A --group A --port P --after-ms N...</c>, on the sync network: sends each sync message that anybody multicasts there
/// again, unchanged, after each of these delays, until <c>quit</c>. Prints how many it sent.
/// </summary>
internal sealed class Replay : IDisposable
{
    private const int PauseMilliseconds = 5;

    private readonly IPEndPoint _group;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly long[] _delays;
    private readonly PriorityQueue<byte[], (long At, int Number)> _due = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _received;
    private int _sent;

    private Replay(Arguments arguments)
    {
        IPAddress source = arguments.Address("source");
        _group = new IPEndPoint(arguments.Address("group"), arguments.Number("port", 8848));
        _delays = [.. arguments.All("after-ms").Select(text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        _socket.Bind(_group);
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group.Address, source));
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, source.GetAddressBytes());
        // It must not receive its own copies.
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, false);
    }

    public static int Run(Arguments arguments)
    {
        using var replay = new Replay(arguments);
        var control = new ControlPipe();
        Console.WriteLine("ready");
        while (control.TryRead() != "quit")
        {
            replay.Receive();
            replay.SendDue();
            Thread.Sleep(PauseMilliseconds);
        }

        Console.WriteLine($"{replay._sent} copies of {replay._received} messages");
        return replay._sent > 0 ? 0 : 1;
    }

    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        while (_socket.Available > 0)
        {
            byte[] message = _buffer[.._socket.Receive(_buffer)];
            _received++;
            foreach (long delay in _delays)
                _due.Enqueue(message, (Clock.Now + (delay * Clock.NanosecondsPerMillisecond), _received));
        }
    }

    private void SendDue()
    {
        while (_due.TryPeek(out _, out (long At, int Number) next) && next.At <= Clock.Now)
        {
            _socket.SendTo(_due.Dequeue(), _group);
            _sent++;
        }
    }
}
