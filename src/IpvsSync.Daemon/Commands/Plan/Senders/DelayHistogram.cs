namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>Delays in milliseconds: exact below 16 s, in steps of an eighth of a second above. Live, with constant size.</summary>
internal sealed class DelayHistogram
{
    private const int Exact = 1 << 14;
    private const int StepMs = 125;

    private readonly long[] _counts = new long[2 * Exact];
    private long _count;

    /// <summary>The longest delay.</summary>
    public long WorstMs { get; private set; }

    /// <summary>Adds one delay.</summary>
    public void Add(long delayMs)
    {
        _counts[IndexOf(delayMs)]++;
        _count++;
        WorstMs = Math.Max(WorstMs, delayMs);
    }

    /// <summary>The delay that <paramref name="share"/> of all delays do not exceed; 0 if there are none.</summary>
    public long AtShare(double share)
    {
        long left = (long)Math.Ceiling(_count * share);
        for (int i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0)
                return Math.Min(WorstMs, i < Exact ? i : Exact + ((i - Exact) * StepMs));
        }

        return WorstMs;
    }

    private static int IndexOf(long delayMs)
        => (int)(delayMs < Exact ? delayMs : Math.Min((2 * Exact) - 1, Exact + ((delayMs - Exact) / StepMs)));
}
