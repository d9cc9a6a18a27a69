namespace IpvsSync.Daemon.Workers;

/// <summary>
/// A named blocking thread. A worker runs until its input ends; one that ends by itself, or by an exception, is a fault,
/// which its owner hears of through <c>ended</c> (called on the worker's thread).
/// </summary>
internal sealed class Worker(string name, Action run, WorkerActivity activity, Action<Worker, Exception?> ended)
{
    private Thread? _thread;

    /// <summary>What the thread is called; at most 15 characters are seen in <c>ps -T</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it waits or works.</summary>
    public WorkerActivity Activity { get; } = activity;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { Name = Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Waits for the thread to end. A worker never started has ended.</summary>
    /// <returns>False when it still runs after <paramref name="timeout"/>.</returns>
    public bool Join(TimeSpan timeout) => _thread?.Join(timeout) ?? true;

    private void Run()
    {
        Exception? fault = null;
        try
        {
            run();
        }
#pragma warning disable CA1031 // Whatever ends a thread is reported by the owner, never lost with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            fault = exception;
        }

        ended(this, fault);
    }
}
