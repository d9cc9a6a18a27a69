using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>Tells the worker that ends by itself, which is a fault, from those that were told to. For the workers of one pipeline or of the director.</summary>
/// <param name="faulted">Told of the former, on the worker's thread.</param>
/// <param name="log">The log.</param>
internal sealed class WorkerExits(Action<Worker, Exception?> faulted, ILogger log)
{
    private volatile bool _areExpected;

    /// <summary>From now on they are told to end. Any thread.</summary>
    public void Expect() => _areExpected = true;

    /// <summary>A worker has ended; on its thread.</summary>
    public void Note(Worker worker, Exception? fault)
    {
        if (!_areExpected)
            faulted(worker, fault);
        else if (fault is not null)
            log.FaultWhileStopping(worker.Name, fault);
    }
}
