namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// When to push. A record comes with a packet, so there is one look for packets an interval, and a push at each look that finds some;
/// and one more at the look after it, since the kernel counts a packet before it reports the change that the packet made. Without
/// traffic half as many looks do. One thread; its looks are the clock.
/// </summary>
internal sealed class PushRhythm(TimeSpan interval)
{
    /// <summary>Without packets for this long there is no traffic.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly int _looksOfAPause = (int)Math.Ceiling(Pause / interval);
    private int _looksInVain;
    private bool _isOwed = true; // the first push finds the lanes before there is traffic

    /// <summary>The time until the next look.</summary>
    public TimeSpan Wait => _looksInVain < _looksOfAPause ? interval : 2 * interval;

    /// <summary>One look: whether packets have come since the last one.</summary>
    /// <returns>True when it is time to push.</returns>
    public bool IsDue(bool moved)
    {
        _looksInVain = moved ? 0 : Math.Min(_looksInVain + 1, _looksOfAPause);
        bool isDue = moved || _isOwed;
        _isOwed = moved;
        return isDue;
    }
}
