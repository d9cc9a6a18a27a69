using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Sends to the kernel's backup on the loopback, no faster than the kernel empties its socket. If the kernel drops messages nevertheless, it
/// notes a loss of the lane, so that the table sends them again. One sender uses it; another thread may call <see cref="CheckDrops"/>.
/// </summary>
/// <remarks>
/// A busy kernel may deliver a datagram to the socket some time after it was sent, and only then drop and count it. So a look that finds no
/// drop proves nothing about what was sent just before: it may turn out to be dropped for at least <see cref="FlowConstants.InjectLateMs"/>.
/// </remarks>
/// <param name="socket">The socket; disposed with this.</param>
/// <param name="pacer">Watches the kernel's queue.</param>
/// <param name="queue">The lane that the messages come from.</param>
/// <param name="counters">The stage of the injector.</param>
/// <param name="time">The lane's clock.</param>
internal sealed class PacedSender(IDatagramSender socket, InjectorPacer pacer, LaneQueue queue, StageCounters counters, TimeProvider time)
    : IDatagramSender
{
    private readonly Lock _lock = new();

    // The time at which the oldest message was begun that may have been dropped unseen; the same for the messages sent since the last clearing;
    // and the time of that clearing.
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
    /// Looks whether the kernel's socket has dropped what was sent last. Called about once a second. Does nothing while the sender sends, since
    /// the sender looks itself.
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

    /// <summary>Looks for drops, notes them, and then clears the messages that were sent long enough ago.</summary>
    private void ClearInTime()
    {
        long nowMs = time.Milliseconds();
        if (nowMs - _clearedMs < FlowConstants.InjectLateMs)
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
