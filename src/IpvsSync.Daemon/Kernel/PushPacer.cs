namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Decides when to push. A record comes with a packet, so the pusher looks for packets once an interval and pushes when it finds some. It pushes
/// again at the next look, since the kernel counts a packet before it reports the change that the packet made. Without traffic it looks half
/// as often; in steady traffic, where each look finds packets, it looks once in several turns. One thread; its turns are the clock.
/// </summary>
internal sealed class PushPacer(TimeSpan interval)
{
    /// <summary>There is no traffic when no packet came for this time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Traffic is steady after this number of looks in a row that found packets; then one turn in this number looks.</summary>
    public const int Steady = 8;

    private readonly int _looksOfAPause = (int)Math.Ceiling(Pause / interval);
    private int _looksInVain;
    private int _looksFound;
    private bool _isPending = true; // the first push finds the lanes before there is traffic

    /// <summary>The time until the next turn.</summary>
    public TimeSpan Wait => _looksInVain < _looksOfAPause ? interval : 2 * interval;

    /// <summary>Whether this turn should look for packets; if not, it assumes that some came.</summary>
    public bool Looks => _looksFound < Steady || _looksFound % Steady == 0;

    /// <summary>Makes one turn.</summary>
    /// <param name="moved">Whether packets came since the last turn.</param>
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
