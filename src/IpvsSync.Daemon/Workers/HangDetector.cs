namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Finds the worker that has taken something up and does not get done with it: it hangs in a lock or in a call to the kernel. One
/// that waits for its input moves, however long that takes. For one thread, which looks about once a second.
/// </summary>
internal sealed class HangDetector
{
    private readonly Watched[] _watched;
    private readonly TimeProvider _time;

    /// <summary>Watches <paramref name="workers"/> from now on.</summary>
    public HangDetector(IEnumerable<Worker> workers, TimeProvider time)
    {
        _time = time;
        _watched = [.. workers.Select(worker => new Watched(worker, worker.Activity.Turns, time.GetTimestamp()))];
    }

    /// <summary>How long one thing may take: the slowest is a message for a kernel that does not read its socket, see the injector's pacer.</summary>
    public static TimeSpan Timeout => TimeSpan.FromSeconds(20);

    /// <summary>The first worker that hangs; null when all move.</summary>
    public Worker? FindHanging()
    {
        Worker? hanging = null;
        foreach (ref Watched watched in _watched.AsSpan())
        {
            long turns = watched.Worker.Activity.Turns;
            if (turns != watched.Turns || (turns & 1) == 0)
                watched = new Watched(watched.Worker, turns, _time.GetTimestamp());
            else if (_time.GetElapsedTime(watched.Since) >= Timeout)
                hanging ??= watched.Worker;
        }

        return hanging;
    }

    /// <param name="Worker">Who.</param>
    /// <param name="Turns">Its turns when they changed last.</param>
    /// <param name="Since">When that was seen, on the clock's own scale.</param>
    private readonly record struct Watched(Worker Worker, long Turns, long Since);
}
