using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// Tells everything that this director carries once, templates before connections, at a bounded rate: for kernels, which cannot ask. What is told
/// for another reason meanwhile is not told twice. Any thread; one makes the steps.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="log">The log.</param>
internal sealed class KernelTeller(ConnectionTable table, ILogger log)
{
    /// <summary>
    /// The longest time in milliseconds that a step makes good. A kernel's socket holds about 90 full messages with the system's default size.
    /// </summary>
    private const long MostMs = 20;

    private readonly Lock _lock = new();
    private long _rate;
    private long _begunMs;
    private long _steppedMs;
    private double _credit;
    private int _stage;
    private int _passed;
    private long _told;
    private long _expected;
    private bool _isRunning;

    /// <summary>How far it is.</summary>
    public KernelsTold Told
    {
        get
        {
            lock (_lock)
                return new KernelsTold(_told, Math.Max(_told, _expected), _isRunning);
        }
    }

    /// <summary>Whether there is something to do.</summary>
    public bool IsRunning => Volatile.Read(ref _isRunning);

    /// <summary>Begins, and gives up what has begun before.</summary>
    /// <param name="rate">Connections a second at most.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Begin(int rate, long nowMs)
    {
        lock (_lock)
        {
            GiveUp();
            (_rate, _begunMs, _steppedMs, _credit, _stage, _passed, _told) = (rate, nowMs, nowMs, 0, 0, 0, 0);
            _expected = table.CountKinds(Origin.Local).Sum();
            _isRunning = true;
            log.KernelsTellingBegun(_expected, rate);
        }
    }

    /// <summary>Gives up what is not told yet.</summary>
    public void Cancel()
    {
        lock (_lock)
            GiveUp();
    }

    /// <summary>Tells as much as the rate and the lanes allow.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>How many connections were sent.</returns>
    public int Step(long nowMs)
    {
        lock (_lock)
        {
            if (!_isRunning)
                return 0;
            _credit = Math.Min(_credit, 1) + (_rate * Math.Min(nowMs - _steppedMs, MostMs) / 1000.0);
            _steppedMs = nowMs;
            return Tell(nowMs);
        }
    }

    private int Tell(long nowMs)
    {
        int sent = 0;
        for (; _stage < 2 * table.Parts; (_stage, _passed) = (_stage + 1, 0))
        {
            bool areTemplates = _stage < table.Parts;
            // What was sent in the millisecond of the beginning may have left before it.
            var rule = new RepeatRule(areTemplates, !areTemplates, Ending: true, _begunMs + 1);
            RepeatOutcome outcome = table.Repeat(_stage % table.Parts, rule, ref _passed, most: (int)_credit);
            _credit -= outcome.Sent;
            _told += outcome.Sent + outcome.Known;
            sent += outcome.Sent;
            if (!outcome.IsDone)
                return sent;
        }

        _isRunning = false;
        _expected = _told;
        log.KernelsTold(_told, (nowMs - _begunMs) / 1000.0);
        return sent;
    }

    private void GiveUp()
    {
        if (!_isRunning)
            return;
        _isRunning = false;
        log.KernelsTellingGivenUp(_told, Math.Max(_told, _expected));
    }
}
