using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The way into the kernel's backup on the loopback, no faster than the kernel empties its socket. What is dropped there all the same is
/// noted in the lane's losses, so that the table says it again. One sender uses it; <see cref="CheckDrops"/> may be called by another.
/// </summary>
/// <remarks>
/// A busy kernel may put a datagram before the socket some time after it was sent, and only then drop and count it. So a look that
/// finds no drop says nothing about what was sent just before it: what was sent stays under suspicion for <see cref="LateMs"/> at least.
/// </remarks>
/// <param name="socket">The socket; disposed with this.</param>
/// <param name="pacer">Knows the kernel's queue.</param>
/// <param name="queue">The lane whose messages these are.</param>
/// <param name="counters">The stage of what is injected.</param>
/// <param name="time">The lane's clock.</param>
internal sealed class PacedSender(IDatagramSender socket, InjectorPacer pacer, LaneQueue queue, StageCounters counters, TimeProvider time)
    : IDatagramSender
{
    /// <summary>How late in milliseconds after a message was sent the kernel may still drop it.</summary>
    internal const int LateMs = 1000;

    private readonly Lock _lock = new();

    // Since when the messages were begun that may have been dropped without our having seen it; and of those the ones sent since the last
    // time that some were cleared of it.
    private long _suspectSinceMs = long.MaxValue;
    private long _recentSinceMs = long.MaxValue;
    private long _clearedMs = time.Milliseconds();

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        lock (_lock)
        {
            ClearInTime();
            long begunMs = queue.TakenSinceMs;
            _suspectSinceMs = Math.Min(_suspectSinceMs, begunMs);
            _recentSinceMs = Math.Min(_recentSinceMs, begunMs);
            int sent = 0;
            int lost = 0;
            while (!datagrams.IsEmpty)
            {
                int count = pacer.Admit(datagrams);
                SendOutcome outcome = socket.Send(datagrams[..count]);
                (sent, lost) = (sent + outcome.Sent, lost + outcome.Lost);
                datagrams = datagrams[count..];
            }

            NoteDrops();
            return new SendOutcome(sent, lost);
        }
    }

    /// <summary>
    /// Looks whether the kernel's socket has dropped what was sent last; about once a second. Not while it is being sent to: then the
    /// sender looks.
    /// </summary>
    public void CheckDrops()
    {
        if (!_lock.TryEnter())
            return;
        try
        {
            if (_suspectSinceMs != long.MaxValue)
                ClearInTime();
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    /// <summary>Clears what was sent long enough ago, once it is seen that nothing was dropped, or noted that something was.</summary>
    private void ClearInTime()
    {
        long nowMs = time.Milliseconds();
        if (nowMs - _clearedMs < LateMs)
            return;
        pacer.Look();
        NoteDrops();
        (_suspectSinceMs, _recentSinceMs, _clearedMs) = (_recentSinceMs, long.MaxValue, nowMs);
    }

    private void NoteDrops()
    {
        long drops = pacer.TakeNewDrops();
        if (drops == 0)
            return;
        counters.Lose(drops);
        queue.Lose(_suspectSinceMs);
    }
}
