namespace IpvsSync.Daemon.Workers;

/// <summary>
/// A named blocking thread. A worker runs until its input ends. A worker that ends by itself or with an exception is a fault; <c>ended</c>
/// reports it to the owner (called on the worker's thread).
/// </summary>
internal sealed class Worker(string name, Action run, WorkerActivity activity, Action<Worker, Exception?> ended)
{
    private Thread? _thread;
    private volatile bool _hasFailed;

    /// <summary>The name of the thread; <c>ps -T</c> shows at most 15 characters.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the worker waits or works.</summary>
    public WorkerActivity Activity { get; } = activity;

    /// <summary>Whether an exception has ended it.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { Name = Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Waits for the thread to end. A worker that was never started counts as ended.</summary>
    /// <returns>False if the thread still runs after <paramref name="timeout"/>.</returns>
    public bool Join(TimeSpan timeout) => _thread?.Join(timeout) ?? true;

    private void Run()
    {
        Exception? fault = null;
        try
        {
            run();
        }
#pragma warning disable CA1031 // The owner reports whatever ends the thread; nothing is lost.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            fault = exception;
            _hasFailed = true;
        }

        ended(this, fault);
    }
}
