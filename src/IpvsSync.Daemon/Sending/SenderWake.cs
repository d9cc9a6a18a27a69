using IpvsSync.Linux.Waiting;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Wakes the sender of a lane, and only where it would wake too late by itself: a wake costs a system call. The lane's lock guards all
/// members but <see cref="Wake"/> and <see cref="Wait"/>.
/// </summary>
internal sealed class SenderWake
{
    private readonly WakeEvent _event = new();
    private long _wakesAt = long.MinValue;

    /// <summary>Notes that the sender looks for messages now.</summary>
    public void NoteAwake() => _wakesAt = long.MinValue;

    /// <summary>Notes that the sender is about to sleep until this time, in ticks; <see cref="long.MaxValue"/> is for ever.</summary>
    public void NoteSleep(long until) => _wakesAt = until;

    /// <summary>Whether the sender sleeps beyond <paramref name="dueAt"/>. Then it counts as awake, and the caller wakes it without the lock.</summary>
    public bool Claim(long dueAt)
    {
        if (dueAt >= _wakesAt)
            return false;
        _wakesAt = long.MinValue;
        return true;
    }

    /// <summary>Wakes the sender, or lets its next wait return at once.</summary>
    public void Wake() => _event.Set();

    /// <summary>Sleeps for <paramref name="timeout"/> or until <see cref="Wake"/>. The sender's thread.</summary>
    public void Wait(TimeSpan timeout) => _event.Wait(timeout);
}
