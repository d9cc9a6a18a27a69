namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Whether a worker waits for its input or works. Waiting may last for ever; one unit of work may not. The worker updates it once per
/// batch; any thread may read it.
/// </summary>
internal sealed class WorkerActivity
{
    private long _turns;

    /// <summary>A number that changes with each call of the worker. It is odd while the worker works.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>The worker starts a unit of work, or has finished one and starts the next. Only the worker calls it.</summary>
    public void Begin() => Volatile.Write(ref _turns, (_turns + 1) | 1);

    /// <summary>The worker is about to wait. Only the worker calls it.</summary>
    public void End() => Volatile.Write(ref _turns, (_turns + 1) & ~1L);
}
