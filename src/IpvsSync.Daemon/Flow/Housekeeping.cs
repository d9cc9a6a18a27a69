using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What is done about once a second beside the flow: timers, counts, and whether every worker moves. Runs on its own thread; each
/// second under the director's lock, so that no pipeline comes or goes meanwhile.
/// </summary>
/// <param name="pipelines">What runs.</param>
/// <param name="turn">The director's lock.</param>
/// <param name="round">The director's own part of each second, before anything is counted.</param>
/// <param name="report">What is said every <see cref="LossReporter.IntervalSeconds"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class Housekeeping(Pipelines pipelines, Lock turn, Action<int> round, Action report, TimeProvider time, ILogger log) : IDisposable
{
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private (MasterPipeline? Master, BackupPipeline? Backup) _watched;
    private HangDetector _watch = new([], time);
    private Worker? _hanging;

    /// <summary>Raised about once a second while every worker moves.</summary>
    public event Action? Moved;

    /// <summary>Sweeps until <see cref="Stop"/>.</summary>
    public void Run()
    {
        for (int second = 1; !_stop.Wait(1000); second++)
        {
            lock (turn)
                Sweep(second);
        }
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Sweep(int second)
    {
        round(second);
        foreach (Receiver reader in (IEnumerable<Receiver>)[.. pipelines.Master?.Readers ?? [], .. pipelines.Backup?.Readers ?? []])
            reader.CountDrops();
        CheckWorkers();
        if (second % LossReporter.IntervalSeconds != 0)
            return;
        report();
        pipelines.Backup?.ReportLanes();
    }

    /// <summary>While a worker hangs, nobody is told that all is well; it is named once.</summary>
    private void CheckWorkers()
    {
        Worker? hanging = WatchNow().FindHanging();
        if (hanging is null)
            Moved?.Invoke();
        else if (hanging != _hanging)
            log.WorkerHangs(hanging.Name, HangDetector.Timeout.TotalSeconds);
        _hanging = hanging;
    }

    private HangDetector WatchNow()
    {
        if (_watched != (pipelines.Master, pipelines.Backup))
        {
            _watched = (pipelines.Master, pipelines.Backup);
            _watch = new HangDetector([.. pipelines.Master?.Workers ?? [], .. pipelines.Backup?.Workers ?? []], time);
        }

        return _watch;
    }
}
