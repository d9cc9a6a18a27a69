using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>The workers of one stage: started together, waited for together. One thread at a time.</summary>
internal sealed class WorkerGroup(Action<Worker, Exception?> ended, TimeProvider time, ILogger log)
{
    /// <summary>How long a stage may take to end, the senders' draining included.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly List<Worker> _workers = [];

    /// <summary>The workers, in the order they were added.</summary>
    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Adds a worker; see <see cref="Worker"/>.</summary>
    /// <param name="name">What its thread is called.</param>
    /// <param name="run">Returns when its input ends.</param>
    /// <param name="activity">What <paramref name="run"/> tells of itself.</param>
    public void Add(string name, Action run, WorkerActivity activity) => _workers.Add(new Worker(name, run, activity, ended));

    /// <summary>Starts all.</summary>
    public void Start()
    {
        foreach (Worker worker in _workers)
            worker.Start();
    }

    /// <summary>Waits for all of them together no longer than our timeout lasts, and says who still runs.</summary>
    public void Join()
    {
        long start = time.GetTimestamp();
        foreach (Worker worker in _workers)
        {
            TimeSpan left = s_timeout - time.GetElapsedTime(start);
            if (!worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                log.StillRunning(worker.Name, s_timeout.TotalSeconds);
        }
    }
}
