using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Distinguishes a worker that ends by itself, which is a fault, from those that are stopped. For the workers of one pipeline or of the
/// director.
/// </summary>
/// <param name="faulted">Called for a worker that ends by itself, on the worker's thread.</param>
/// <param name="log">The log.</param>
internal sealed class WorkerExits(Action<Worker, Exception?> faulted, ILogger log)
{
    private volatile bool _areExpected;

    /// <summary>From now on workers are expected to end. Any thread may call it.</summary>
    public void Expect() => _areExpected = true;

    /// <summary>Called when a worker has ended, on its thread.</summary>
    public void Note(Worker worker, Exception? fault)
    {
        if (!_areExpected)
            faulted(worker, fault);
        else if (fault is not null)
            log.FaultWhileStopping(worker.Name, fault);
    }
}
