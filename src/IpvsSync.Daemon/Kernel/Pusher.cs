using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Waiting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Gets the last record out of the kernel's master. Left alone, the kernel holds a record until another one pushes it out or 2-3 s
/// pass, and then sleeps another 20 ms unless eight messages wait (spec §5.3-5.6). So while there is traffic, again and again:
/// 1. our packets move a private connection, which reaches nobody, between closing states; each change is a record;
/// 2. the first of those records pushes out the real one that waited, the eighth wakes the kernel's sender;
/// 3. the feed recognises ours by their address and drops them.
/// Runs on its own thread.
/// </summary>
internal sealed class Pusher : IDisposable
{
    /// <summary>Queued messages at which the kernel wakes its sender at once (spec §5.1, WAKEUP_RATE).</summary>
    internal const int WakeupRate = 8;

    /// <summary>Pushes without an echo that may be chance.</summary>
    private const int UnansweredByChance = 3;

    /// <summary>Time without an echo after which interface and service are made again.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    /// <summary>The timeout doubles up to this while making them again does not help: a firewall may drop what we write.</summary>
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long the last push may take to come back, in milliseconds.</summary>
    private const int LastEchoMs = 100;

    private readonly PushInterface _path;
    private readonly PushLaneMap _lanes;
    private readonly ILogger _log;
    private readonly PushPacer _pacer;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly IpvsPacketCounter _counter;
    private readonly WakeEvent _stop = new();
    private long _carriedBefore;
    private int _unanswered;
    private long _seenBefore;
    private bool _complained;
    private TimeSpan _timeout = s_timeout;
    private TimeSpan _lastEcho;

    private Pusher(PushInterface path, PushLaneMap lanes, IpvsPacketCounter counter, PushPacer pacer, TimeProvider time, ILogger log)
    {
        _path = path;
        _lanes = lanes;
        _counter = counter;
        _pacer = pacer;
        _time = time;
        _start = time.GetTimestamp();
        _log = log;
    }

    /// <summary>Whether it waits for the next turn or makes one.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>
    /// Makes the private interface, service and real server. A director that cannot push works too, but its records leave later.
    /// </summary>
    /// <param name="path">Takes the packets. Disposed with the pusher, or at once if there is none.</param>
    /// <param name="lanes">Which push connection reaches which lane.</param>
    /// <param name="pacer">Decides when to push.</param>
    /// <param name="time">The clock for missing echoes.</param>
    /// <param name="log">The log.</param>
    /// <param name="counters">The file with the kernel's packet counters.</param>
    /// <returns>Null when the kernel refused, which is logged.</returns>
    public static Pusher? TryOpen(
        PushInterface path, PushLaneMap lanes, PushPacer pacer, TimeProvider time, ILogger log, string counters = IpvsPacketCounter.DefaultPath)
    {
        try
        {
            path.Make();
            return new Pusher(path, lanes, new IpvsPacketCounter(counters), pacer, time, log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            path.Dispose();
            log.CannotPush(exception.Message);
            return null;
        }
    }

    /// <summary>Pushes until <see cref="Stop"/>, then once more in each lane, and waits a moment for the echo: then no record is left behind.</summary>
    public void Run()
    {
        while (!_stop.Wait(_pacer.Wait))
        {
            Activity.Begin();
            Step();
            Activity.End();
        }

        long expected = _lanes.Seen + (WakeupRate * _lanes.Count);
        Push(spareBusy: false);
        SpinWait.SpinUntil(() => _lanes.Seen >= expected, LastEchoMs);
    }

    /// <summary>One turn: looks for traffic, and pushes if it is time.</summary>
    internal void Step()
    {
        bool moved = !_pacer.Looks || HasMoved();
        // When traffic has ended nothing wakes the kernel's sender any more.
        if (_pacer.IsDue(moved) && Push(spareBusy: moved))
            CheckEcho();
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        _path.Dispose();
        _counter.Dispose();
    }

    /// <summary>Packets of real traffic: what IPVS has carried, without what we wrote.</summary>
    private long Carried => _counter.Packets() - _path.Written;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private bool HasMoved()
    {
        long carried = Carried;
        bool moved = carried != _carriedBefore;
        _carriedBefore = carried;
        return moved;
    }

    /// <summary>Pushes in every lane.</summary>
    /// <param name="spareBusy">Whether to leave out the lanes in which enough records came since the last push to wake the kernel's sender.</param>
    /// <returns>Whether it pushed in any.</returns>
    private bool Push(bool spareBusy)
    {
        bool hasPushed = false;
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            if (_lanes.TakeReal(lane) >= WakeupRate && spareBusy)
                continue;
            PushPackets packets = _lanes.For(lane) ?? _lanes.Candidate();
            for (int records = 0; records < WakeupRate; records += PushPackets.RecordsPerRound)
                _path.Write(packets);
            hasPushed = true;
        }

        return hasPushed;
    }

    /// <summary>Somebody may have deleted all services or our interface. Then no echo comes: both are made again, and the log says so once.</summary>
    private void CheckEcho()
    {
        long seen = _lanes.Seen;
        _unanswered = seen == _seenBefore ? _unanswered + 1 : 0;
        _seenBefore = seen;
        if (_unanswered == 0)
        {
            if (_complained)
                _log.PushesComeBack();
            _complained = false;
            _timeout = s_timeout;
            return;
        }

        // Packets of ours that something dropped would look like traffic, and the pusher would never pause.
        _carriedBefore = Carried;
        if (_unanswered == 1)
            _lastEcho = Now;
        if (_unanswered <= UnansweredByChance || Now - _lastEcho < _timeout)
            return;
        if (!_complained)
            _log.PushesLost();
        Mend();
    }

    private void Mend()
    {
        try
        {
            _path.Make();
        }
        catch (IOException exception)
        {
            if (!_complained)
                _log.CannotMend(exception.Message);
        }

        _complained = true;
        _unanswered = 1;
        _lastEcho = Now;
        _timeout = 2 * _timeout < s_longestTimeout ? 2 * _timeout : s_longestTimeout;
    }
}
