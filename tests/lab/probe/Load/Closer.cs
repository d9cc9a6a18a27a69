using System.Runtime.InteropServices;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>closer --to A --port P --rate R --count N --first-port F</c>: opens connections at a steady rate, each for one exchange, and closes
/// them at once, in four ways in turn: FIN; RST; a half-close, and the rest when the server has closed; a half-close followed at once by
/// RST. Prints <c>stopped</c> when all are closed; <c>quit</c> ends it.
/// </summary>
internal sealed unsafe class Closer
{
    private const ulong ControlData = ulong.MaxValue;
    private const int Ways = 4;
    private const int WaitMilliseconds = 10;

    private readonly Epoll _epoll = new();
    private readonly ControlPipe _control = new();
    private readonly List<Connection> _connections = [];
    private readonly Ipv4SocketAddress _target;
    private readonly long _interval;
    private readonly int _firstPort;
    private readonly int _count;

    private long _nextAt = Clock.Now;
    private int _open;
    private int _closed;
    private bool _stopped;

    private Closer(Arguments arguments)
    {
        _target = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 80));
        _interval = Clock.NanosecondsPerSecond / arguments.Number("rate", 100);
        _firstPort = arguments.Number("first-port", 10000);
        _count = arguments.Number("count", 100);
        _epoll.Add(ControlPipe.Descriptor, Libc.EPOLLIN, ControlData);
    }

    private enum Way
    {
        Fin,
        Reset,
        HalfClose,
        HalfCloseThenReset,
    }

    public static int Run(Arguments arguments)
    {
        var closer = new Closer(arguments);
        Console.WriteLine("ready");
        while (closer.Step())
        {
        }

        return closer._closed == closer._count ? 0 : throw new IOException($"{closer._closed} of {closer._count} connections ran their course");
    }

    private bool Step()
    {
        if (_connections.Count < _count && Clock.Now >= _nextAt)
            Open();
        Announce();
        _epoll.Wait(WaitMilliseconds);
        foreach (EpollEvent ready in _epoll.Ready)
        {
            if (ready.Data != ControlData)
                OnReady(_connections[(int)ready.Data]);
            else if (_control.TryRead() == "quit")
                return false;
        }

        return true;
    }

    private void Announce()
    {
        if (_stopped || _connections.Count < _count || _open > 0)
            return;
        _stopped = true;
        Console.WriteLine("stopped");
    }

    private void Open()
    {
        _nextAt += _interval;
        int fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
        var connection = new Connection(fd, _firstPort + _connections.Count);
        var local = new Ipv4SocketAddress(System.Net.IPAddress.Any, connection.Port);
        Libc.Check(Libc.Bind(fd, &local, sizeof(Ipv4SocketAddress)), "bind");
        Ipv4SocketAddress target = _target;
        if (Libc.Connect(fd, &target, sizeof(Ipv4SocketAddress)) < 0 && Marshal.GetLastPInvokeError() != Libc.EINPROGRESS)
            Libc.Check(-1, "connect");
        _connections.Add(connection);
        _epoll.Add(fd, Libc.EPOLLOUT, (ulong)(_connections.Count - 1));
        _open++;
    }

    private void OnReady(Connection connection)
    {
        if (connection.State == ConnectionState.Connecting)
            SendByte(connection);
        else
            Receive(connection);
    }

    private void SendByte(Connection connection)
    {
        byte* message = stackalloc byte[1];
        connection.State = ConnectionState.Open;
        _epoll.Modify(connection.Descriptor, Libc.EPOLLIN, (ulong)(connection.Port - _firstPort));
        if (Libc.Send(connection.Descriptor, message, 1, Libc.MSG_NOSIGNAL) < 0)
            End(connection, ConnectionState.Abandoned);
    }

    private void Receive(Connection connection)
    {
        byte* buffer = stackalloc byte[16];
        nint got = Libc.Receive(connection.Descriptor, buffer, 16, 0);
        if (got < 0)
            End(connection, ConnectionState.Reset);
        else if (got == 0)
            End(connection, ConnectionState.Survived);
        else
            Close(connection, (Way)(connection.Port % Ways));
    }

    private void Close(Connection connection, Way way)
    {
        if (way is Way.HalfClose or Way.HalfCloseThenReset)
            Libc.Check(Libc.Shutdown(connection.Descriptor, Libc.SHUT_WR), "shutdown");
        if (way == Way.HalfClose)
            return;
        if (way is Way.Reset or Way.HalfCloseThenReset)
        {
            var linger = new Linger { IsOn = 1 };
            Libc.Check(Libc.SetOption(connection.Descriptor, Libc.SOL_SOCKET, Libc.SO_LINGER, &linger, sizeof(Linger)), "setsockopt");
        }

        End(connection, ConnectionState.Survived);
    }

    private void End(Connection connection, ConnectionState fate)
    {
        _open--;
        _closed += fate == ConnectionState.Survived ? 1 : 0;
        connection.State = fate;
        _ = Libc.Close(connection.Descriptor);
    }
}
