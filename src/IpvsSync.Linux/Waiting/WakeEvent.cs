using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Waiting;

/// <summary>
/// Wakes one thread that waits for others: one system call to wait, one to wake, none when nobody waits. A ring that finds nobody
/// waiting is kept for the next wait; several are one. Allocates nothing.
/// </summary>
/// <remarks>A futex, since what a lock's own wait does beside it (a lock taken twice, clocks read) takes as long as sending a message.</remarks>
public sealed unsafe class WakeEvent
{
    private const int Clear = 0;
    private const int Signaled = 1;
    private const int Awaited = 2;

    /// <summary>Alone in its cache line, and where the collector does not move it.</summary>
    private readonly int[] _line = GC.AllocateArray<int>(64 / sizeof(int), pinned: true);

    private int* State => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_line));

    /// <summary>Wakes who waits, or lets the next wait return at once. Any thread.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref *State, Signaled) == Awaited)
            Libc.Futex(LinuxFutex.SYS_futex, State, LinuxFutex.FUTEX_WAKE_PRIVATE, 1, null);
    }

    /// <summary>Waits for a ring, and takes it. One thread at a time.</summary>
    /// <param name="timeout">How long, at least; <see cref="Timeout.InfiniteTimeSpan"/> for ever. Zero and less only looks.</param>
    /// <returns>True when it has rung; false when the time is over, or, rarely, before (a signal): the caller looks at what it waits for.</returns>
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
