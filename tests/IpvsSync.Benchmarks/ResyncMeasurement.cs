using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Benchmarks;

/// <summary>
/// How long a director takes that starts beside one that knows everything, until it is ready: two whole directors in this process, UDP multicast
/// on the loopback, loss by single datagram in both directions. While it learns, the other one tells news at 10,000 connections a second; beside it
/// the delay of the same news to a director that is ready.
/// </summary>
internal sealed class ResyncMeasurement : IDisposable
{
    private const int NewsAMillisecond = 10;
    private const int QuietMs = 500;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SyncOptions _options;
    private readonly List<Director> _directors = [];
    private readonly List<LossyWires> _wires = [];
    private readonly int _connections;
    private int _told;

    private ResyncMeasurement(int connections)
    {
        MulticastEndpoint place = LoopbackGroup.Next();
        _connections = connections;
        _options = new SyncOptions
        {
            Interface = place.Interface, Group = place.Group, Port = place.Port, MaxMessageSize = 1472, ControlSocket = "",
            Resync = new ResyncOptions { AloneAfter = 0.1m }, Kernel = new KernelOptions { Mode = KernelMode.None },
        };
    }

    /// <summary>Measures and prints.</summary>
    /// <returns>0 if every director has learnt everything, otherwise 1.</returns>
    public static int Run(IReadOnlyList<int> counts)
    {
        bool isGood = true;
        Console.WriteLine("connections  loss  ready after  outcome  known before the news  messages of the teacher  freshness ms while it learns, and afterwards: median, 79 %, 99 %");
        foreach (int count in counts)
        {
            foreach (int loss in (int[])[0, 5, 20])
            {
                using var measurement = new ResyncMeasurement(count);
                isGood &= measurement.Measure(loss);
            }
        }

        Console.WriteLine(isGood ? "PASS" : "FAIL");
        return isGood ? 0 : 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Director director in _directors)
        {
            director.Stop();
            director.Dispose();
        }

        _services.Dispose();
    }

    private bool Measure(int percent)
    {
        Director teacher = Add();
        teacher.Start();
        Await(teacher);
        while (_told < _connections)
            Tell(teacher.Table, 1000, freshness: null);
        AwaitSilence();
        _wires.ForEach(wires => wires.Loss = percent / 100.0);
        Director learner = Add(percent);
        long sentBefore = _wires[0].Sent;
        var during = new Freshness(learner.Table);
        long start = Stopwatch.GetTimestamp();
        learner.Start();
        TellUntil(teacher.Table, during, () => learner.Resync.State == ResyncState.Ready || Stopwatch.GetElapsedTime(start) > s_limit);
        ResyncSnapshot end = learner.Resync;
        during.Stop();
        long messages = _wires[0].Sent - sentBefore;
        var after = new Freshness(learner.Table);
        long quiet = Stopwatch.GetTimestamp();
        TellUntil(teacher.Table, after, () => Stopwatch.GetElapsedTime(quiet).TotalMilliseconds > QuietMs);
        after.Stop();
        int known = CountOld(learner.Table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_connections,11} {percent,4} % {end.ElapsedMs,8} ms  {end.Outcome,-8} {known,21} {messages,24}  {during.Text}   {after.Text}"));
        return known == _connections && end.Outcome == ResyncOutcome.Full;
    }

    private int CountOld(ConnectionTable table)
        => Enumerable.Range(0, _connections).Count(number => table.TryGet(Sample.Entry(number).Key, out _));

    private void TellUntil(ConnectionTable table, Freshness freshness, Func<bool> isOver)
    {
        long start = Stopwatch.GetTimestamp();
        for (int ms = 0; !isOver(); ms++)
        {
            Tell(table, NewsAMillisecond, ms % 5 == 0 ? freshness : null);
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < ms)
                Thread.Sleep(1);
        }
    }

    private void Tell(ConnectionTable table, int count, Freshness? freshness)
    {
        ConnectionEntry[] entries = [.. Enumerable.Range(_told, count).Select(Sample.Entry)];
        _told += count;
        freshness?.Note(entries[^1].Key);
        table.ApplyAll(entries, Origin.Local, new ApplyOutcome[count], table.NowMs);
        table.Signal(Origin.Local);
    }

    private void AwaitSilence()
    {
        long sent;
        do
        {
            sent = _wires[0].Sent;
            Thread.Sleep(200);
        }
        while (_wires[0].Sent - sent > 10);
    }

    private static void Await(Director director)
    {
        while (director.Resync.State != ResyncState.Ready)
            Thread.Sleep(1);
    }

    private Director Add(int percent = 0)
    {
        var wires = new LossyWires(_options, 100 * _directors.Count) { Loss = percent / 100.0 };
        var director = new Director(
            _options, new SyncMetrics(_services.GetRequiredService<IMeterFactory>()), wires, TimeProvider.System, NullLogger<Director>.Instance);
        _wires.Add(wires);
        _directors.Add(director);
        return director;
    }
}
