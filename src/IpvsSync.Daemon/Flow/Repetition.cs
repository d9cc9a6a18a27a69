using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// Tells connections again though nothing has happened, for receivers that cannot ask: all of them on request, and idle ones from time to time. It
/// has a thread of its own, which sleeps while there is nothing to do. Any thread.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="log">The log.</param>
internal sealed class Repetition(ConnectionTable table, ILogger log)
{
    /// <summary>Milliseconds between two steps: short, so that what leaves together fits the socket of a kernel.</summary>
    private const int StepMs = 10;

    private readonly object _state = new();
    private readonly IdleRefresh _idle = new(table);
    private readonly KernelTeller _kernels = new(table, log);
    private bool _isEnd;

    /// <summary>Whether <see cref="Run"/> waits or works.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>How far everything is told.</summary>
    public KernelsTold KernelsTold => _kernels.Told;

    /// <summary>Tells each connection that lives at least so often; zero for not at all.</summary>
    public void RefreshIdle(TimeSpan period)
    {
        _idle.PeriodMs = (long)period.TotalMilliseconds;
        Wake();
    }

    /// <summary>Tells everything once; see <see cref="KernelTeller.Begin"/>.</summary>
    public void TellKernels(int rate)
    {
        _kernels.Begin(rate, table.NowMs);
        Wake();
    }

    /// <summary>Gives up what <see cref="TellKernels"/> has begun.</summary>
    public void CancelTelling() => _kernels.Cancel();

    /// <summary>Works until <see cref="End"/>.</summary>
    public void Run()
    {
        while (Wait())
        {
            Activity.Begin();
            long nowMs = table.NowMs;
            if (_idle.Step(nowMs) + _kernels.Step(nowMs) > 0)
                table.Signal(Origin.Local);
            Activity.End();
        }
    }

    /// <summary>Gives up everything, and ends <see cref="Run"/>.</summary>
    public void End()
    {
        _kernels.Cancel();
        lock (_state)
        {
            _isEnd = true;
            Monitor.PulseAll(_state);
        }
    }

    private void Wake()
    {
        lock (_state)
            Monitor.PulseAll(_state);
    }

    /// <returns>False at the end.</returns>
    private bool Wait()
    {
        lock (_state)
        {
            if (!_isEnd)
                Monitor.Wait(_state, _idle.PeriodMs > 0 || _kernels.IsRunning ? StepMs : Timeout.Infinite);
            return !_isEnd;
        }
    }
}
