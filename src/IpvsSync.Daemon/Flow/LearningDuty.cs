using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// Moves a learner on, says in the log what becomes of it, and keeps the gate. On a thread of its own: it waits for what comes, and looks again
/// after a short time while there is something to learn.
/// </summary>
/// <param name="learner">The learner.</param>
/// <param name="place">What the learner depends on.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class LearningDuty(Learner learner, ILearningPlace place, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan s_busy = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 0);
    private volatile bool _isStopped;

    /// <summary>Peers that have been there since this began to ask the last time because of one of them.</summary>
    private HashSet<uint> _asked = [];

    private readonly Lock _gateLock = new();
    private bool? _written;
    private bool _isUnwritable;

    /// <summary>Where it is written how the gate stands. Set before the first call.</summary>
    public GateFile Gate { get; set; } = new(controlSocket: "");

    /// <summary>Whether it waits or works.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>Writes how the gate stands, if that is not written yet. What cannot be written is tried again at the next step. Any thread.</summary>
    public void WriteGate()
    {
        lock (_gateLock)
            WriteGateOnce();
    }

    private void WriteGateOnce()
    {
        bool isOpen = learner.Snapshot(time.Milliseconds()).IsOpen;
        if (isOpen == _written)
            return;
        try
        {
            Gate.Write(isOpen);
            (_written, _isUnwritable) = (isOpen, false);
        }
        catch (IOException exception)
        {
            if (!_isUnwritable)
                log.GateNotWritten(Gate.Path ?? "", exception.Message);
            _isUnwritable = true;
        }
    }

    /// <summary>Works until <see cref="Stop"/>.</summary>
    public void Run()
    {
        learner.Moved += _wake.Set;
        while (!_isStopped)
        {
            _wake.Wait(learner.IsLearning ? s_busy : s_idle);
            _wake.Reset();
            Activity.Begin();
            Step();
            Activity.End();
        }

        learner.Moved -= _wake.Set;
    }

    /// <summary>Moves the learner on by one step.</summary>
    public void Step()
    {
        long nowMs = time.Milliseconds();
        if (learner.Snapshot(nowMs) is { State: ResyncState.Ready, Outcome: ResyncOutcome.Alone })
            AskIfAnyAppeared(nowMs);
        bool isInjected = learner.Snapshot(nowMs).State == ResyncState.Injecting && place.IsInjected;
        ResyncChange? moved = learner.Check(nowMs, place.MayAsk, isInjected);
        WriteGate();
        if (moved is not { } change)
            return;
        Report(change);
        if (change.Now is { State: ResyncState.Ready, Outcome: ResyncOutcome.Partial })
            place.AskForAll();
    }

    /// <summary>A peer that has appeared since this began to ask may not have been asked, or not have had the time to answer.</summary>
    private void AskIfAnyAppeared(long nowMs)
    {
        uint[] peers = [.. place.Peers];
        _asked.IntersectWith(peers);
        if (_asked.Count == peers.Length)
            return;
        _asked = [.. peers];
        learner.Begin(ResyncReason.PeerReturned, nowMs);
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        _wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    private void Report(in ResyncChange change)
    {
        ResyncSnapshot now = change.Now;
        if (change.HasTimedOut)
            log.ResyncTimedOut(now.ElapsedMs / 1000.0, now.Entries, now.Expected);
        else if (now.State == ResyncState.Ready)
            log.ResyncEnded(ResyncText.Of(now), ResyncText.Name(now.Reason));
        else if (now.State == ResyncState.Learning && change.Before.State != ResyncState.Learning)
            log.ResyncLearns(ResyncText.Name(now.Reason), now.Teacher?.ToString() ?? "its peers");
    }
}
