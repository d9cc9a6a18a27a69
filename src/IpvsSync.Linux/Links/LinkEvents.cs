using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Links;

/// <summary>
/// The kernel's notices that a link or an address of the calling thread's network namespace has changed (rtnetlink(7)). They only say that
/// something changed: read the state that is of interest afterwards. A notice that is lost to a full socket counts as one that came.
/// </summary>
/// <remarks>One thread waits; any thread may call <see cref="Stop"/>.</remarks>
public sealed unsafe class LinkEvents : IDisposable
{
    private const string Operation = "watch the links";

    /// <summary>Longer notices are cut, which does not matter: nobody reads them.</summary>
    private const int BufferSize = 64;

    /// <summary>The size of struct sockaddr_nl (linux/netlink.h); all zero except the family lets the kernel choose the number.</summary>
    private const int AddressSize = 12;

    private readonly KernelHandle _socket;
    private readonly KernelHandle _stop;

    private LinkEvents(KernelHandle socket, KernelHandle stop)
    {
        _socket = socket;
        _stop = stop;
    }

    /// <summary>Begins to listen. What changes from now on ends the next <see cref="Wait"/>.</summary>
    /// <exception cref="KernelException">The kernel refused the socket or the descriptor.</exception>
    public static LinkEvents Open()
    {
        KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_NETLINK, LinuxSocket.SOCK_RAW, LinuxRtnetlink.NETLINK_ROUTE, Operation);
        try
        {
            Bind(socket);
            foreach (int group in (ReadOnlySpan<int>)[LinuxRtnetlink.RTNLGRP_LINK, LinuxRtnetlink.RTNLGRP_IPV4_IFADDR, LinuxRtnetlink.RTNLGRP_IPV6_IFADDR])
                KernelSocket.SetOption(socket, LinuxSocket.SOL_NETLINK, LinuxRtnetlink.NETLINK_ADD_MEMBERSHIP, group, Operation);
            KernelHandle stop = Libc.EventDescriptor(0, LinuxFcntl.EFD_CLOEXEC | LinuxFcntl.EFD_NONBLOCK);
            return stop.IsInvalid ? throw KernelException.FromLastCall(Operation) : new LinkEvents(socket, stop);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a change, and discards the notices of all changes until now.</summary>
    /// <param name="timeout">The longest wait; infinite is allowed.</param>
    /// <returns>False when the time is over or <see cref="Stop"/> was called.</returns>
    /// <exception cref="KernelException">The kernel refuses to wait.</exception>
    public bool Wait(TimeSpan timeout)
    {
        bool addedSocket = false;
        bool addedStop = false;
        try
        {
            _socket.DangerousAddRef(ref addedSocket);
            _stop.DangerousAddRef(ref addedStop);
            PollDescriptor* both = stackalloc PollDescriptor[2];
            both[0] = new PollDescriptor { Descriptor = (int)_socket.DangerousGetHandle(), Events = LinuxFcntl.POLLIN };
            both[1] = new PollDescriptor { Descriptor = (int)_stop.DangerousGetHandle(), Events = LinuxFcntl.POLLIN };
            return Poll(both, timeout) && both[1].ReturnedEvents == 0 && Drain();
        }
        finally
        {
            if (addedSocket)
                _socket.DangerousRelease();
            if (addedStop)
                _stop.DangerousRelease();
        }
    }

    /// <summary>Ends <see cref="Wait"/>, now and from now on. May be called more than once, and after disposal.</summary>
    public void Stop()
    {
        ulong one = 1;
        try
        {
            _ = Libc.Write(_stop, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>Closes both descriptors.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>A socket without a number of its own gets no notices: it cannot be told from the kernel, which sends them.</summary>
    private static void Bind(KernelHandle socket)
    {
        Span<byte> address = stackalloc byte[AddressSize];
        address.Clear();
        ushort family = LinuxSocket.AF_NETLINK;
        MemoryMarshal.Write(address, in family);
        KernelSocket.Bind(socket, address, Operation);
    }

    private static bool Poll(PollDescriptor* both, TimeSpan timeout)
    {
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));
        int ready = Libc.Poll(both, 2, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            throw KernelException.FromLastCall(Operation);
        return ready > 0;
    }

    /// <summary>Empties the socket. ENOBUFS, which says that notices were lost, is read once and is gone.</summary>
    private bool Drain()
    {
        byte* buffer = stackalloc byte[BufferSize];
        while (Libc.Receive(_socket, buffer, BufferSize, LinuxSocket.MSG_DONTWAIT) > 0 || Marshal.GetLastPInvokeError() is Errno.ENOBUFS or Errno.EINTR)
            continue;
        return true;
    }
}
