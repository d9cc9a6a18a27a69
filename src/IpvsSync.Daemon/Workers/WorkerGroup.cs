using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>The workers of one stage, which are started together and joined together. For one thread at a time.</summary>
internal sealed class WorkerGroup(Action<Worker, Exception?> ended, TimeProvider time, ILogger log)
{
    private readonly List<Worker> _workers = [];

    /// <summary>The workers, in the order in which they were added.</summary>
    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Whether a worker has not ended, perhaps because <see cref="Join"/> did not wait longer.</summary>
    public bool IsRunning => _workers.Exists(worker => !worker.Join(TimeSpan.Zero));

    /// <summary>Adds a worker; see <see cref="Worker"/>.</summary>
    /// <param name="name">The name of its thread.</param>
    /// <param name="run">The body, which returns when its input ends.</param>
    /// <param name="activity">The activity that <paramref name="run"/> updates.</param>
    public void Add(string name, Action run, WorkerActivity activity) => _workers.Add(new Worker(name, run, activity, ended));

    /// <summary>Starts all workers.</summary>
    public void Start()
    {
        foreach (Worker worker in _workers)
            worker.Start();
    }

    /// <summary>Waits for all workers, in total no longer than the timeout, and logs those that still run.</summary>
    /// <returns>Whether all have ended, and none with an exception.</returns>
    public bool Join()
    {
        bool haveEnded = true;
        long start = time.GetTimestamp();
        foreach (Worker worker in _workers)
        {
            TimeSpan left = FlowConstants.StopTimeout - time.GetElapsedTime(start);
            bool hasEnded = worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            if (!hasEnded)
                log.StillRunning(worker.Name, FlowConstants.StopTimeout.TotalSeconds);
            haveEnded &= hasEnded && !worker.HasFailed;
        }

        return haveEnded;
    }
}
