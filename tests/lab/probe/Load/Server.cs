using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary><c>server --address A --port P</c>: echoes whatever it receives, until it is killed; at <c>::</c> over both families.</summary>
internal sealed unsafe class Server
{
    private const int Backlog = 4096;
    private const int BufferSize = 2048;

    private readonly Epoll _epoll = new();
    private readonly int _listener;

    private Server(InternetSocketAddress address)
    {
        int one = 1;
        _listener = Libc.Check(Libc.Socket(address.Family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), "socket");
        Libc.Check(Libc.SetOption(_listener, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, &one, sizeof(int)), "setsockopt");
        Libc.Check(Libc.Bind(_listener, &address, address.Length), "bind");
        Libc.Check(Libc.Listen(_listener, Backlog), "listen");
        _epoll.Add(_listener, Libc.EPOLLIN, (ulong)_listener);
    }

    public static int Run(Arguments arguments)
    {
        var server = new Server(new InternetSocketAddress(arguments.Address("address"), arguments.Number("port", 80)));
        Console.WriteLine("ready");
        while (true)
            server.Step();
    }

    private void Step()
    {
        _epoll.Wait(-1);
        foreach (EpollEvent ready in _epoll.Ready)
        {
            if ((int)ready.Data == _listener)
                AcceptOne();
            else
                Echo((int)ready.Data);
        }
    }

    private void AcceptOne()
    {
        int fd = Libc.Accept(_listener, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (fd >= 0)
            _epoll.Add(fd, Libc.EPOLLIN, (ulong)fd);
    }

    private static void Echo(int fd)
    {
        byte* buffer = stackalloc byte[BufferSize];
        nint got = Libc.Receive(fd, buffer, BufferSize, 0);
        if (got > 0)
            _ = Libc.Send(fd, buffer, (nuint)got, Libc.MSG_NOSIGNAL);
        else
            _ = Libc.Close(fd);
    }
}
