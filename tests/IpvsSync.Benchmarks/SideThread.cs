namespace IpvsSync.Benchmarks;

/// <summary>A thread that does one piece of work again and again, when told, so that no benchmark pays for its start.</summary>
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

    /// <summary>Has the work done once.</summary>
    public void Start() => _go.Set();

    /// <summary>Returns when it is done.</summary>
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
