using System.Diagnostics.CodeAnalysis;
using IpvsSync.Linux.Waiting;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Writes records on a thread of its own: a journal, disk, pipe or terminal that takes none blocks nobody who logs. While it takes none,
/// <see cref="Capacity"/> records wait and the others are counted; the count follows when it takes records again. Any thread may use it.
/// </summary>
internal sealed class BackgroundSink : ILogEventSink, IDisposable
{
    /// <summary>The maximum number of records that wait.</summary>
    public const int Capacity = 4096;

    /// <summary>How long the end of the process waits for an output that takes nothing.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private static readonly MessageTemplate s_dropped = new MessageTemplateParser().Parse("{Count} records of the log are lost: its output took none.");

    private readonly Lock _lock = new();
    private readonly Queue<LogEvent> _waiting = new();
    private readonly WakeEvent _wake = new();
    private readonly ILogEventSink _inner;
    private readonly Thread _thread;
    private volatile bool _isClosing;
    private int _dropped;

    /// <summary>Starts the thread.</summary>
    /// <param name="inner">Where the records go; disposed with this, unless it hangs.</param>
    public BackgroundSink(ILogEventSink inner)
    {
        _inner = inner;
        _thread = new Thread(Run) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues a record; never waits.</summary>
    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (_waiting.Count < Capacity)
                _waiting.Enqueue(logEvent);
            else
                _dropped++;
        }

        _wake.Set();
    }

    /// <summary>Writes what waits, if the output takes it soon.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _wake.Set();
        if (_thread.Join(s_farewell))
            (_inner as IDisposable)?.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            bool isClosing = _isClosing;
            while (TryTake(out LogEvent? next))
                _inner.Emit(next);
            if (isClosing)
                return;
            _wake.Wait(Timeout.InfiniteTimeSpan);
        }
    }

    private bool TryTake([NotNullWhen(true)] out LogEvent? next)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out next))
                return true;
            next = _dropped == 0 ? null : Dropped(_dropped);
            _dropped = 0;
            return next is not null;
        }
    }

    private static LogEvent Dropped(int count) => new(
        DateTimeOffset.Now, LogEventLevel.Warning, exception: null, s_dropped, [new LogEventProperty("Count", new ScalarValue(count))]);
}
