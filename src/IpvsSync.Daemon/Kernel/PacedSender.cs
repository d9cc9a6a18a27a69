using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The way into the kernel's backup on the loopback, no faster than the kernel empties its socket. What is dropped there all the same is
/// noted in the lane's losses, so that the table says it again. One sender uses it; <see cref="CheckDrops"/> may be called by another.
/// </summary>
/// <param name="socket">The socket; disposed with this.</param>
/// <param name="pacer">Knows the kernel's queue.</param>
/// <param name="queue">The lane whose messages these are.</param>
/// <param name="counters">The stage of what is injected.</param>
internal sealed class PacedSender(IDatagramSender socket, InjectorPacer pacer, LaneQueue queue, StageCounters counters) : IDatagramSender
{
    private readonly Lock _lock = new();

    /// <summary>Since when the messages were begun of which the pacer has not seen whether they were dropped.</summary>
    private long _unseenSinceMs = long.MaxValue;

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        lock (_lock)
        {
            _unseenSinceMs = Math.Min(_unseenSinceMs, queue.TakenSinceMs);
            int sent = 0;
            int lost = 0;
            while (!datagrams.IsEmpty)
            {
                int count = pacer.Admit(datagrams);
                SendOutcome outcome = socket.Send(datagrams[..count]);
                (sent, lost) = (sent + outcome.Sent, lost + outcome.Lost);
                datagrams = datagrams[count..];
            }

            if (NoteDrops())
                _unseenSinceMs = queue.TakenSinceMs;
            return new SendOutcome(sent, lost);
        }
    }

    /// <summary>Looks whether the kernel's socket has dropped what was sent last. Not while it is being sent to: then the pacer looks.</summary>
    public void CheckDrops()
    {
        if (!_lock.TryEnter())
            return;
        try
        {
            if (_unseenSinceMs == long.MaxValue)
                return;
            pacer.Look();
            NoteDrops();
            _unseenSinceMs = long.MaxValue;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private bool NoteDrops()
    {
        long drops = pacer.TakeNewDrops();
        if (drops == 0)
            return false;
        counters.Lose(drops);
        queue.Lose(_unseenSinceMs);
        return true;
    }
}
