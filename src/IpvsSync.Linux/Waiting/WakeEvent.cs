using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Waiting;

/// <summary>
/// Wakes one thread that waits for others: one system call to wait, one to wake, none if nobody waits. A signal without a waiting thread is
/// kept for the next wait; several signals count as one. Allocates nothing.
/// </summary>
/// <remarks>A futex: the additional work of a lock's own wait (taking a lock twice, reading clocks) takes as long as sending a
/// message.</remarks>
public sealed unsafe class WakeEvent
{
    private const int Clear = 0;
    private const int Signaled = 1;
    private const int Awaited = 2;

    /// <summary>The state, alone in its cache line and pinned.</summary>
    private readonly int[] _line = GC.AllocateArray<int>(64 / sizeof(int), pinned: true);

    private int* State => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_line));

    /// <summary>Wakes the waiting thread, or lets the next wait return at once. Any thread may call it.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref *State, Signaled) == Awaited)
            Libc.Futex(LinuxFutex.SYS_futex, State, LinuxFutex.FUTEX_WAKE_PRIVATE, 1, null);
    }

    /// <summary>Waits for a signal and consumes it. One thread at a time.</summary>
    /// <param name="timeout">
    /// The minimum time to wait; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. Zero or less does not wait.
    /// </param>
    /// <returns>
    /// True if there was a signal. False when the time is over or, rarely, before (after a signal to the process): the caller must check
    /// its condition.
    /// </returns>
    public bool Wait(TimeSpan timeout)
    {
        bool isEndless = timeout == Timeout.InfiniteTimeSpan;
        if ((isEndless || timeout > TimeSpan.Zero) && Interlocked.CompareExchange(ref *State, Awaited, Clear) == Clear)
        {
            var time = new TimeSpecification(timeout);
            Libc.Futex(LinuxFutex.SYS_futex, State, LinuxFutex.FUTEX_WAIT_PRIVATE, Awaited, isEndless ? null : &time);
        }

        return Interlocked.Exchange(ref *State, Clear) == Signaled;
    }
}
