using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Waiting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Gets the last record out of the kernel's master. Left alone, the kernel holds a record until another one pushes it out or 2-3 s
/// pass, and then sleeps another 20 ms unless eight messages wait (spec §5.3-5.6). So while there is traffic, again and again:
/// 1. a private connection, which reaches nobody, is moved between closing states by packets of ours; each change is a record;
/// 2. the first of those records pushes out the real one that waited, the eighth wakes the kernel's sender;
/// 3. the feed recognises ours by their address and drops them.
/// Runs on its own thread.
/// </summary>
internal sealed class Pusher : IDisposable
{
    /// <summary>Queued messages at which the kernel wakes its sender at once (spec §5.1, WAKEUP_RATE).</summary>
    private const int WakeupRate = 8;

    /// <summary>Pushes without an echo that may be chance.</summary>
    private const int UnansweredByChance = 3;

    /// <summary>Silence after which the way is made anew.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    /// <summary>The most it grows to while making it anew does not help: a firewall may drop what we write.</summary>
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long the last push may take to come back, in milliseconds.</summary>
    private const int LastEchoMs = 100;

    private readonly PushInterface _path;
    private readonly PushLaneMap _lanes;
    private readonly ILogger _log;
    private readonly PushPacer _pacer;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly IpvsPacketCounter _gauge;
    private readonly WakeEvent _stop = new();
    private long _carriedBefore;
    private int _unanswered;
    private long _seenBefore;
    private bool _complained;
    private TimeSpan _timeout = s_timeout;
    private TimeSpan _lastEcho;

    private Pusher(PushInterface path, PushLaneMap lanes, IpvsPacketCounter gauge, PushPacer pacer, TimeProvider time, ILogger log)
    {
        _path = path;
        _lanes = lanes;
        _gauge = gauge;
        _pacer = pacer;
        _time = time;
        _start = time.GetTimestamp();
        _log = log;
    }

    /// <summary>Whether it waits for the next push or looks and pushes.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>
    /// Makes the private interface, service and real server. A director that cannot push still works, later: then this says so in the
    /// log and returns null. Disposes <paramref name="path"/> in the end, in any case.
    /// </summary>
    public static Pusher? TryOpen(PushInterface path, PushLaneMap lanes, PushPacer pacer, TimeProvider time, ILogger log)
    {
        try
        {
            path.Make();
            return new Pusher(path, lanes, new IpvsPacketCounter(), pacer, time, log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            path.Dispose();
            log.CannotPush(exception.Message);
            return null;
        }
    }

    /// <summary>Pushes until <see cref="Stop"/>, then once more, and waits a moment for the echo: what waited is out then.</summary>
    public void Run()
    {
        while (!_stop.Wait(_pacer.Wait))
        {
            Activity.Begin();
            LookAndPush();
            Activity.End();
        }

        long expected = _lanes.Seen + (WakeupRate * _lanes.Count);
        Push(spareBusy: false);
        SpinWait.SpinUntil(() => _lanes.Seen >= expected, LastEchoMs);
    }

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        _path.Dispose();
        _gauge.Dispose();
    }

    /// <summary>Packets of real traffic: what IPVS has carried less what we wrote.</summary>
    private long Carried => _gauge.Packets() - _path.Written;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private void LookAndPush()
    {
        bool moved = !_pacer.Looks || HasMoved();
        // When traffic has ended nothing wakes the kernel's sender any more.
        if (_pacer.IsDue(moved) && Push(spareBusy: moved))
            CheckEcho();
    }

    private bool HasMoved()
    {
        long carried = Carried;
        bool moved = carried != _carriedBefore;
        _carriedBefore = carried;
        return moved;
    }

    /// <summary>Pushes in every lane, but, if asked so, not where since the last time so many records came that they wake the kernel's sender by themselves.</summary>
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

    /// <summary>Somebody may have flushed all services or removed our interface: noticed by the silence, mended, said once.</summary>
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

        // Packets of ours that something dropped would look like traffic, and have us push for ever.
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
