namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// When to push. A record comes with a packet, so there is one look for packets an interval, and a push at each look that finds some;
/// and one more at the look after it, since the kernel counts a packet before it reports the change that the packet made. Without
/// traffic half as many looks do; in steady traffic, where each look finds packets, one of several. One thread; its turns are the clock.
/// </summary>
internal sealed class PushPacer(TimeSpan interval)
{
    /// <summary>Without packets for this long there is no traffic.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So many looks in a row that find packets are steady traffic, of which only one of so many turns looks.</summary>
    public const int Steady = 8;

    private readonly int _looksOfAPause = (int)Math.Ceiling(Pause / interval);
    private int _looksInVain;
    private int _looksFound;
    private bool _isPending = true; // the first push finds the lanes before there is traffic

    /// <summary>The time until the next look.</summary>
    public TimeSpan Wait => _looksInVain < _looksOfAPause ? interval : 2 * interval;

    /// <summary>Whether this turn should look; if not, packets are taken for granted.</summary>
    public bool Looks => _looksFound < Steady || _looksFound % Steady == 0;

    /// <summary>One turn: whether packets have come since the last one.</summary>
    /// <returns>True when it is time to push.</returns>
    public bool IsDue(bool moved)
    {
        _looksInVain = moved ? 0 : Math.Min(_looksInVain + 1, _looksOfAPause);
        _looksFound = !moved ? 0 : _looksFound < 2 * Steady ? _looksFound + 1 : Steady + 1;
        bool isDue = moved || _isPending;
        _isPending = moved;
        return isDue;
    }
}
