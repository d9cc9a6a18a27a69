namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Finds a worker that has started a unit of work and does not finish it: it hangs in a lock or in a system call. A worker that waits for
/// its input does not hang, however long it waits. For one thread, which checks about once per second.
/// </summary>
internal sealed class HangDetector
{
    private readonly Watched[] _watched;
    private readonly TimeProvider _time;

    /// <summary>Starts to watch <paramref name="workers"/>.</summary>
    public HangDetector(IEnumerable<Worker> workers, TimeProvider time)
    {
        _time = time;
        _watched = [.. workers.Select(worker => new Watched(worker, worker.Activity.Turns, time.GetTimestamp()))];
    }

    /// <summary>The first worker that hangs; null if none hangs.</summary>
    public Worker? FindHanging()
    {
        Worker? hanging = null;
        foreach (ref Watched watched in _watched.AsSpan())
        {
            long turns = watched.Worker.Activity.Turns;
            if (turns != watched.Turns || (turns & 1) == 0)
                watched = new Watched(watched.Worker, turns, _time.GetTimestamp());
            else if (_time.GetElapsedTime(watched.Since) >= FlowConstants.HangTimeout)
                hanging ??= watched.Worker;
        }

        return hanging;
    }

    /// <param name="Worker">The worker.</param>
    /// <param name="Turns">Its turns when they last changed.</param>
    /// <param name="Since">When that change was seen, in the clock's timestamp units.</param>
    private readonly record struct Watched(Worker Worker, long Turns, long Since);
}
