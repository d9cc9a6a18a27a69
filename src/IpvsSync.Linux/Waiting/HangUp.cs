using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Waiting;

/// <summary>Whether the other side of a connection is gone, which no read or write tells while nothing is to be read or written.</summary>
public static unsafe class HangUp
{
    /// <summary>
    /// Whether the other side has closed the connection (POLLHUP of poll(2)). One that has only said that it sends no more has not. Any thread; does
    /// not wait.
    /// </summary>
    /// <param name="socket">A connected stream socket.</param>
    /// <exception cref="ObjectDisposedException">It is closed here.</exception>
    public static bool IsThere(SafeHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        bool isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            // The kernel tells of POLLHUP whether it is asked for or not.
            var poll = new PollDescriptor { Descriptor = (int)socket.DangerousGetHandle() };
            return Libc.Poll(&poll, 1, 0) > 0 && (poll.ReturnedEvents & LinuxFcntl.POLLHUP) != 0;
        }
        finally
        {
            if (isHeld)
                socket.DangerousRelease();
        }
    }
}
