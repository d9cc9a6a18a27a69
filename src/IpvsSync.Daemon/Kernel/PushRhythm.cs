namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// When to push. A record comes with a packet, so packets are looked for: every millisecond while there is traffic, at the push
/// interval when there is none. The first packet after a pause is given one look more, so that a handshake is over, then pushed
/// for; after that there is one push an interval, and one more when traffic has ended, since the kernel counts a packet before it
/// reports the change that the packet made. One thread; time is given, as the time since any fixed moment.
/// </summary>
internal sealed class PushRhythm(TimeSpan interval)
{
    /// <summary>How often packets are looked for while there is traffic.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    /// <summary>Without packets for this long there is no traffic.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private TimeSpan _lastPacket = -Pause;
    private TimeSpan _lastPush = -interval;
    private bool _pending = true; // the first push finds the lanes before there is traffic

    /// <summary>The time until the next look.</summary>
    public TimeSpan Wait(TimeSpan now) => now - _lastPacket < Pause && Look < interval ? Look : interval;

    /// <summary>One look: whether packets have come since the last one.</summary>
    /// <returns>True when it is time to push.</returns>
    public bool IsDue(bool moved, TimeSpan now)
    {
        bool settled = _pending;
        _pending |= moved;
        if (moved)
            _lastPacket = now;
        if (!settled || now - _lastPush < interval)
            return false;
        _lastPush = now;
        _pending = moved;
        return true;
    }
}
