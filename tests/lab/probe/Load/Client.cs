using System.Runtime.InteropServices;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>client --to A --port P --rate R --first-port F --out FILE [--silent] [--seconds N] [--count N] [--exchange-every-ms N] [--from A
/// [--from-count N]]</c>: opens connections at a steady rate and keeps them. <c>stop</c> ends the opening, <c>retry</c> sends one exchange
/// on each connection, <c>quit</c> writes the result and ends. With <c>--seconds</c> or <c>--count</c> it stops by itself, after that time
/// or number of open connections. It prints <c>stopped</c> and <c>retried</c>. With <c>--exchange-every-ms</c> each connection continues
/// with periodic exchanges, each with its own phase. With <c>--from</c> connections start from <c>--from-count</c> addresses in turn: that
/// one and those after it.
/// </summary>
internal sealed unsafe class Client
{
    private const ulong ControlData = ulong.MaxValue;
    private const int MessageSize = 16;
    private const int RetriesAtOnce = 64;
    private const int IdleWaitMilliseconds = 50;
    private const long RetryTimeout = 4 * Clock.NanosecondsPerSecond;

    private readonly Epoll _epoll = new();
    private readonly ControlPipe _control = new();
    private readonly List<Connection> _connections = [];
    private readonly InternetSocketAddress _target;
    private readonly long _interval;
    private readonly int _firstPort;
    private readonly bool _silent;
    private readonly long _end;
    private readonly int _most;
    private readonly Rhythm? _rhythm;
    private readonly SourceAddresses _sources;
    private readonly ExchangeCounter _exchanges = new();

    private long _nextAt;
    private bool _opening = true;
    private bool _retrying;
    private int _nextRetry;
    private int _outstanding;
    private int _completed;
    private int _refused;

    private Client(Arguments arguments)
    {
        _target = new InternetSocketAddress(arguments.Address("to"), arguments.Number("port", 80));
        _interval = Clock.NanosecondsPerSecond / arguments.Number("rate", 10);
        _firstPort = arguments.Number("first-port", 10000);
        _silent = arguments.Has("silent");
        _nextAt = Clock.Now;
        _end = arguments.Has("seconds") ? _nextAt + (arguments.Number("seconds", 0) * Clock.NanosecondsPerSecond) : long.MaxValue;
        _most = arguments.Number("count", int.MaxValue);
        if (arguments.Has("exchange-every-ms"))
            _rhythm = new Rhythm(_nextAt, arguments.Number("exchange-every-ms", 0) * Clock.NanosecondsPerMillisecond);
        _sources = new SourceAddresses(arguments);
        _epoll.Add(ControlPipe.Descriptor, Libc.EPOLLIN, ControlData);
    }

    public static int Run(Arguments arguments)
    {
        var client = new Client(arguments);
        Console.WriteLine("ready");
        while (client.Step())
        {
        }

        ResultFile.Write(arguments.Text("out"), client.Result(arguments.Number("rate", 10)));
        return 0;
    }

    private bool Step()
    {
        long now = Clock.Now;
        if (_opening)
            OpenDue(now);
        if (_retrying)
            RetryDue(now);
        _epoll.Wait(WaitMilliseconds(now, ExchangeDue(now)));
        foreach (EpollEvent ready in _epoll.Ready)
        {
            if (ready.Data != ControlData)
                OnReady(_connections[(int)ready.Data]);
            else if (!Obey())
                return false;
        }

        return true;
    }

    private int WaitMilliseconds(long now, long nextExchangeAt)
    {
        long next = _opening ? Math.Min(nextExchangeAt, Math.Min(_nextAt, _end)) : nextExchangeAt;
        if (next == long.MaxValue)
            return IdleWaitMilliseconds;
        long milliseconds = (next - now + Clock.NanosecondsPerMillisecond - 1) / Clock.NanosecondsPerMillisecond;
        return (int)Math.Clamp(milliseconds, 0, IdleWaitMilliseconds);
    }

    /// <summary>Executes the orders that have come; false for <c>quit</c>.</summary>
    private bool Obey()
    {
        for (string? order = _control.TryRead(); order != null; order = _control.TryRead())
        {
            if (order == "quit")
                return false;
            if (order == "stop")
                StopOpening();
            if (order == "retry")
                _retrying = true;
            if (order == "begin")
                _exchanges.Begin();
            if (order == "end")
                _exchanges.End();
        }

        return true;
    }

    private void OpenDue(long now)
    {
        if (now >= _end || _completed >= _most)
        {
            StopOpening();
            return;
        }

        if (now < _nextAt || _connections.Count >= _most)
            return;
        _nextAt += _interval;
        Open();
    }

    private void Open()
    {
        int fd = Libc.Check(Libc.Socket(_target.Family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
        var connection = new Connection(fd, _firstPort + _connections.Count);
        InternetSocketAddress local = _sources.For(_connections.Count, connection.Port);
        Libc.Check(Libc.Bind(fd, &local, local.Length), "bind");
        _connections.Add(connection);
        InternetSocketAddress target = _target;
        int result = Libc.Connect(fd, &target, target.Length);
        if (result < 0 && Marshal.GetLastPInvokeError() != Libc.EINPROGRESS)
            Libc.Check(result, "connect");
        _epoll.Add(fd, Libc.EPOLLOUT, (ulong)(_connections.Count - 1));
    }

    /// <summary>Abandons handshakes that have not ended yet, so that none of them completes through the other director.</summary>
    private void StopOpening()
    {
        _opening = false;
        foreach (Connection connection in _connections.Where(c => c.State == ConnectionState.Connecting))
            Abandon(connection);
        Console.WriteLine("stopped");
    }

    private void OnReady(Connection connection)
    {
        if (connection.State == ConnectionState.Connecting)
            OnConnected(connection);
        else if (connection.State is ConnectionState.Open or ConnectionState.Retrying)
            OnInput(connection);
    }

    private static void Abandon(Connection connection)
    {
        connection.State = ConnectionState.Abandoned;
        connection.HandshakeAt = 0;
        _ = Libc.Close(connection.Descriptor);
    }

    private void OnConnected(Connection connection)
    {
        connection.HandshakeAt = Clock.Now;
        int error = 0;
        int length = sizeof(int);
        Libc.Check(Libc.GetOption(connection.Descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length), "getsockopt");
        if (error != 0)
        {
            _refused++;
            Abandon(connection);
            return;
        }

        connection.State = ConnectionState.Open;
        _completed++;
        _epoll.Modify(connection.Descriptor, Libc.EPOLLIN, (ulong)(connection.Port - _firstPort));
        if (_rhythm != null)
            connection.NextExchangeAt = _rhythm.FirstAfter(connection.HandshakeAt, connection.Port - _firstPort);
        if (!_silent)
            Send(connection);
    }

    private static void Send(Connection connection)
    {
        byte* message = stackalloc byte[MessageSize];
        nint sent = Libc.Send(connection.Descriptor, message, MessageSize, Libc.MSG_NOSIGNAL);
        connection.Unechoed += Math.Max(0, (int)sent);
    }

    private void OnInput(Connection connection)
    {
        byte* buffer = stackalloc byte[2048];
        nint got = Libc.Receive(connection.Descriptor, buffer, 2048, 0);
        if (got < 0 && Marshal.GetLastPInvokeError() == Libc.EAGAIN)
            return;
        _exchanges.Add(Math.Max(0, got) / MessageSize);
        if (got <= 0)
            End(connection, ConnectionState.Reset);
        else if ((connection.Unechoed -= (int)got) <= 0 && connection.State == ConnectionState.Retrying)
            End(connection, ConnectionState.Survived);
    }

    /// <summary>A few at a time: a burst of all of them would measure the neighbour table's queue.</summary>
    private void RetryDue(long now)
    {
        for (; _outstanding < RetriesAtOnce && _nextRetry < _connections.Count; _nextRetry++)
        {
            Connection connection = _connections[_nextRetry];
            if (connection.State != ConnectionState.Open)
                continue;
            connection.State = ConnectionState.Retrying;
            connection.RetriedAt = now;
            _outstanding++;
            Send(connection);
        }

        foreach (Connection late in _connections.Where(c => c.State == ConnectionState.Retrying && now - c.RetriedAt > RetryTimeout))
            End(late, ConnectionState.TimedOut);
        if (_outstanding > 0 || _nextRetry < _connections.Count)
            return;
        _retrying = false;
        Console.WriteLine("retried");
    }

    /// <summary>Sends the exchanges that are due.</summary>
    /// <returns>When the next exchange is due. Late exchanges are made up for, so that their number stays as requested.</returns>
    private long ExchangeDue(long now)
    {
        long next = long.MaxValue;
        if (_rhythm == null)
            return next;
        foreach (Connection connection in _connections)
        {
            if (connection.State != ConnectionState.Open)
                continue;
            if (now >= connection.NextExchangeAt)
            {
                Send(connection);
                connection.NextExchangeAt += _rhythm.Period;
            }

            next = Math.Min(next, connection.NextExchangeAt);
        }

        return next;
    }

    private void End(Connection connection, ConnectionState fate)
    {
        if (connection.State == ConnectionState.Retrying)
            _outstanding--;
        connection.State = fate;
        if (fate != ConnectionState.Survived)
            _ = Libc.Close(connection.Descriptor);
    }

    private ClientResult Result(int rate)
    {
        List<Connection> opened = _connections.FindAll(c => c.HandshakeAt > 0);
        return new ClientResult(
            rate,
            _silent,
            _exchanges.PerSecond,
            _refused,
            [.. opened.Select(c => new ConnectionResult(c.Port, c.HandshakeAt, c.State.ToString()))]);
    }
}
