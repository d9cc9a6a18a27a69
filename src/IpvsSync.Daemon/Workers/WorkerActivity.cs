namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Whether a worker waits for its input or has taken something up. Waiting may last for ever; one thing taken up may not. The worker
/// says it, once a batch, and any thread may look.
/// </summary>
internal sealed class WorkerActivity
{
    private long _turns;

    /// <summary>A number that changes at each of the worker's turns. It is odd while the worker has something taken up.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>The worker has taken something up, or is done with one thing and goes on with the next. Only the worker calls it.</summary>
    public void Begin() => Volatile.Write(ref _turns, (_turns + 1) | 1);

    /// <summary>The worker is about to wait. Only the worker calls it.</summary>
    public void End() => Volatile.Write(ref _turns, (_turns + 1) & ~1L);
}
