using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Tests.Flow;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>Whoever logs does not wait for the output, and the log says how many records it has lost.</summary>
public sealed class BackgroundSinkTests : IDisposable
{
    private readonly Output _output = new();

    public void Dispose() => _output.Go.Dispose();

    [Fact]
    public void Emit_OutputThatTakesAll_WritesThemInOrder()
    {
        _output.Go.Set();
        using (var sink = new BackgroundSink(_output))
            Emit(sink, 1000);

        Assert.Equal([.. Enumerable.Range(0, 1000).Select(number => $"{number}")], _output.Written);
        Assert.True(_output.IsDisposed);
    }

    [Fact]
    public void Emit_OutputThatTakesNone_DoesNotWaitAndSaysLaterHowManyAreLost()
    {
        using var sink = new BackgroundSink(_output);
        Emit(sink, 1);
        Until.True(() => _output.IsEntered);
        Emit(sink, BackgroundSink.Capacity + 7);
        _output.Go.Set();

        Until.True(() => _output.Count == BackgroundSink.Capacity + 2);
        Assert.Equal("7 records of the log are lost: its output took none.", _output.Written[^1]);
    }

    [Fact]
    public void Dispose_OutputThatTakesNone_EndsAndLeavesIt()
    {
        var sink = new BackgroundSink(_output);
        Emit(sink, 1);
        sink.Dispose();

        Assert.False(_output.IsDisposed);
        _output.Go.Set();
        Until.True(() => _output.Count == 1);
    }

    private static void Emit(BackgroundSink sink, int count)
    {
        for (int number = 0; number < count; number++)
            sink.Emit(new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse($"{number}"), []));
    }

    private sealed class Output : ILogEventSink, IDisposable
    {
        private readonly List<string> _written = [];

        public ManualResetEventSlim Go { get; } = new();

        public bool IsDisposed { get; private set; }

        public bool IsEntered { get; private set; }

        public int Count => Written.Length;

        public string[] Written
        {
            get
            {
                lock (_written)
                    return [.. _written];
            }
        }

        public void Emit(LogEvent logEvent)
        {
            IsEntered = true;
            Go.Wait();
            lock (_written)
                _written.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
        }

        public void Dispose() => IsDisposed = true;
    }
}
