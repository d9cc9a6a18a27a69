using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The work of each second beside the flow: timers, counters, and the check that no worker hangs. Runs on its own thread; each round
/// holds the director's lock, so that no pipeline starts or stops meanwhile.
/// </summary>
/// <param name="pipelines">The pipelines that run.</param>
/// <param name="turn">The director's lock.</param>
/// <param name="round">The director's own part of each round, with the number of the second; called first.</param>
/// <param name="report">Logs what has happened; called every <see cref="LossReporter.IntervalSeconds"/>.</param>
/// <param name="duties">Does what the flow does not depend on.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class Housekeeping(Pipelines pipelines, Lock turn, Action<int> round, Action report, SideDuties duties, TimeProvider time, ILogger log)
    : IDisposable
{
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private Worker[] _watched = [];
    private HangDetector _watch = new([], time);
    private Worker? _hanging;

    /// <summary>
    /// What cannot wait for a whole round, if there is something. Called <see cref="FlowConstants.LooksPerRound"/> times a round, with the
    /// director's lock. Set before <see cref="Run"/>.
    /// </summary>
    public Action? Look { get; set; }

    /// <summary>Raised about once a second while no worker hangs. A handler that throws is logged.</summary>
    public event Action? Moved;

    /// <summary>Raised when the whole process has stood still, with how long; on the sweeper's thread.</summary>
    public event Action<TimeSpan>? StoodStill;

    /// <summary>Works until <see cref="Stop"/>.</summary>
    public void Run()
    {
        long slept = time.GetTimestamp();
        for (int step = 1; !_stop.Wait(Interval); step++)
        {
            CheckStandstill(slept);
            lock (turn)
            {
                if (step % Looks == 0)
                    Work(step / Looks);
                Look?.Invoke();
            }

            slept = time.GetTimestamp();
        }
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>Looks how long the sleep was that began at <paramref name="slept"/>.</summary>
    public void CheckStandstill(long slept)
    {
        TimeSpan late = time.GetElapsedTime(slept) - Interval;
        if (late >= FlowConstants.StandstillTime)
            duties.Do("take up again after a standstill", () => StoodStill?.Invoke(late));
    }

    private int Looks => Look is null ? 1 : FlowConstants.LooksPerRound;

    private TimeSpan Interval => FlowConstants.HousekeepingInterval / Looks;

    private void Work(int second)
    {
        round(second);
        foreach (Receiver reader in (IEnumerable<Receiver>)[.. pipelines.Master?.Readers ?? [], .. pipelines.Backup?.Readers ?? []])
            duties.Do("count the drops of a socket", reader.CountDrops);
        CheckWorkers();
        if (second % LossReporter.IntervalSeconds != 0)
            return;
        report();
        duties.Do("report on the peers' lanes", () => pipelines.Backup?.ReportLanes());
    }

    /// <summary>While a worker hangs, <see cref="Moved"/> is not raised. The worker is logged once.</summary>
    private void CheckWorkers()
    {
        Worker? hanging = WatchNow().FindHanging();
        if (hanging is null)
            duties.Do("tell that all moves", () => Moved?.Invoke());
        else if (hanging != _hanging)
            log.WorkerHangs(hanging.Name, FlowConstants.HangTimeout.TotalSeconds);
        _hanging = hanging;
    }

    private HangDetector WatchNow()
    {
        Worker[] workers = [.. pipelines.Workers];
        if (!_watched.AsSpan().SequenceEqual(workers))
            (_watched, _watch) = (workers, new HangDetector(workers, time));
        return _watch;
    }
}
