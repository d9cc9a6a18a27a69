using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// Tells each connection of this director's own that lives at least once a period, packets or not, for receivers that cannot ask. It walks over
/// the table without a pause, in a little less than half of the period, and sends what was not sent since it last came by: an idle connection with
/// every second walk. So what was told in one burst is told again over half of the period. One thread makes the steps.
/// </summary>
/// <param name="table">The table.</param>
internal sealed class IdleRefresh(ConnectionTable table)
{
    /// <summary>A walk as a part of the period: two of them leave an eighth for the sender, which may wait for company.</summary>
    private const double Walk = 7.0 / 16;

    /// <summary>The longest time in milliseconds that a step makes good: what a thread that was held up has left out is no burst.</summary>
    private const long MostMs = 100;

    private readonly long[] _walkedMs = new long[table.Parts];
    private long _periodMs;
    private long _inForceMs;
    private long _steppedMs;
    private long _begunMs;
    private double _share;
    private int _passed;
    private int _part;

    /// <summary>Milliseconds in which each connection is told once; 0 for never. Any thread. The next step begins with what was not told since then.</summary>
    public long PeriodMs
    {
        get => Volatile.Read(ref _periodMs);
        set => Volatile.Write(ref _periodMs, value);
    }

    /// <summary>Sends what it is time for.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>How many connections were sent.</returns>
    public int Step(long nowMs)
    {
        long periodMs = PeriodMs;
        if (periodMs != _inForceMs)
            Begin(periodMs, nowMs);
        if (periodMs == 0)
            return 0;
        double parts = table.Parts * Math.Min(nowMs - _steppedMs, MostMs) / (periodMs * Walk);
        _steppedMs = nowMs;
        return Advance(parts, nowMs);
    }

    private void Begin(long periodMs, long nowMs)
    {
        if (_inForceMs == 0)
        {
            Array.Fill(_walkedMs, nowMs);
            (_part, _share, _passed, _begunMs) = (0, 0, 0, nowMs);
        }

        (_inForceMs, _steppedMs) = (periodMs, nowMs);
    }

    /// <summary>Walks on by some parts of the table. Without space in a lane it stays where it is.</summary>
    private int Advance(double parts, long nowMs)
    {
        int sent = 0;
        for (double target = _share + parts; ; target--)
        {
            double share = Math.Min(1, target);
            var rule = new RepeatRule(Templates: true, Connections: true, Ending: false, _walkedMs[_part]);
            RepeatOutcome outcome = table.Repeat(_part, rule, ref _passed, share);
            sent += outcome.Sent;
            if (!outcome.IsDone)
                return sent;
            _share = share;
            if (share < 1)
                return sent;
            TurnToNextPart(nowMs);
        }
    }

    private void TurnToNextPart(long nowMs)
    {
        _walkedMs[_part] = _begunMs;
        _part = (_part + 1) % table.Parts;
        (_share, _passed, _begunMs) = (0, 0, nowMs);
    }
}
