namespace IpvsSync.Benchmarks;

/// <summary>A thread that repeats one piece of work on demand, so that no benchmark includes the start of a thread.</summary>
internal sealed class SideThread : IDisposable
{
    private readonly AutoResetEvent _go = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Thread _thread;
    private volatile bool _ended;

    public SideThread(Action work)
    {
        _thread = new Thread(() => Run(work)) { IsBackground = true, Name = "side" };
        _thread.Start();
    }

    /// <summary>Runs the work once.</summary>
    public void Start() => _go.Set();

    /// <summary>Waits until the work is done.</summary>
    public void Wait() => _done.WaitOne();

    public void Dispose()
    {
        _ended = true;
        _go.Set();
        _thread.Join();
        _go.Dispose();
        _done.Dispose();
    }

    private void Run(Action work)
    {
        while (_go.WaitOne() && !_ended)
        {
            work();
            _done.Set();
        }
    }
}
