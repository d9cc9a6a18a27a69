using System.Runtime.InteropServices;

namespace IpvsSync.Lab.Native;

/// <summary>An epoll set whose entries carry a number chosen by the caller.</summary>
internal sealed unsafe class Epoll
{
    private readonly EpollEvent[] _events = new EpollEvent[128];
    private readonly int _fd = Libc.Check(Libc.EpollCreate(Libc.SOCK_CLOEXEC), "epoll_create1");

    /// <summary>The events of the last wait.</summary>
    public ReadOnlySpan<EpollEvent> Ready => _events.AsSpan(0, _count);

    private int _count;

    public void Add(int fd, uint events, ulong data) => Change(Libc.EPOLL_CTL_ADD, fd, events, data);

    public void Modify(int fd, uint events, ulong data) => Change(Libc.EPOLL_CTL_MOD, fd, events, data);

    public void Wait(int timeoutMilliseconds)
    {
        fixed (EpollEvent* events = _events)
            _count = Libc.EpollWait(_fd, events, _events.Length, timeoutMilliseconds);
        if (_count < 0 && Marshal.GetLastPInvokeError() != Libc.EINTR)
            Libc.Check(_count, "epoll_wait");
        _count = Math.Max(_count, 0);
    }

    private void Change(int operation, int fd, uint events, ulong data)
    {
        var change = new EpollEvent { Events = events, Data = data };
        Libc.Check(Libc.EpollControl(_fd, operation, fd, &change), "epoll_ctl");
    }
}
