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
/// How new connections arrive over a network that loses datagrams in both directions: two whole directors in this process, UDP multicast on the
/// loopback, loss by single datagram. The floor is the same without loss; beside it the same without repair. New connections come at
/// 1,000,000 a second.
/// </summary>
internal sealed class RepairMeasurement : IDisposable
{
    private const int PerMillisecond = 1000;
    private const int LongestWaitMs = 5000;
    private const int ProbeMs = 5;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LossyWires[] _wires;
    private readonly Director[] _directors;
    private readonly Freshness _freshness;
    private readonly int _connections;

    private RepairMeasurement(int connections, bool extensions)
    {
        _connections = connections;
        MulticastEndpoint place = LoopbackGroup.Next();
        SyncOptions[] options = [.. new[] { Role.Master, Role.Backup }.Select(role => new SyncOptions
        {
            Role = role, Interface = place.Interface, Group = place.Group, Port = place.Port, MaxMessageSize = 1472,
            Extensions = extensions, Kernel = new KernelOptions { Mode = KernelMode.None },
        })];
        _wires = [.. options.Select((option, index) => new LossyWires(option, 100 * index))];
        _directors = [.. options.Zip(_wires).Select(pair => new Director(
            pair.First, new SyncMetrics(_services.GetRequiredService<IMeterFactory>()), pair.Second, TimeProvider.System, NullLogger<Director>.Instance))];
        _directors[1].Start();
        _directors[0].Start();
        // What the backup is told because it has started is no repair.
        while (_directors[1].Resync.State != ResyncState.Ready)
            Thread.Sleep(1);
        _freshness = new Freshness(_directors[1].Table);
    }

    /// <summary>Measures and prints.</summary>
    /// <returns>0 if all conditions hold, otherwise 1.</returns>
    public static int Run(IReadOnlyList<int> counts)
    {
        bool isGood = true;
        Console.WriteLine("connections  loss  repair  missing at the end, after 1 s, 2 s  complete after  messages        NACKs  freshness ms: median, 79 %, 99 %");
        foreach (int count in counts)
        {
            double floor = 0;
            foreach ((int loss, double most) in ((int, double)[])[(0, 1.0), (1, 1.05), (5, 1.15), (20, 1.45)])
            {
                if (loss is 5 or 20)
                    Measure(count, loss, extensions: false, ref floor);
                double ratio = Measure(count, loss, extensions: true, ref floor);
                isGood &= ratio <= most;
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

    private static double Measure(int count, int percent, bool extensions, ref double floor)
    {
        using var measurement = new RepairMeasurement(count, extensions);
        foreach (LossyWires wires in measurement._wires)
            wires.Loss = percent / 100.0;
        return measurement.Measure(percent, extensions, ref floor);
    }

    private double Measure(int percent, bool extensions, ref double floor)
    {
        long before = _wires[0].Sent;
        Open();
        long last = Stopwatch.GetTimestamp();
        int missing = Missing;
        (double completeMs, int[] later) = AwaitComplete(last);
        _freshness.Stop();
        // What leaves when all is quiet is the same with and without loss, and would be the larger part of a short run.
        double messages = _wires[0].Sent - before;
        if (percent == 0)
            floor = messages;
        double ratio = extensions && (later[0] > 0 && _connections <= 100_000 || later[1] > 0) ? double.PositiveInfinity : messages / floor;
        long nacks = _directors[1].Extensions?.Lanes.Sum(lane => lane.Nacks) ?? 0;
        IReadOnlyList<InstanceSnapshot> peers = _directors[1].Extensions?.Lanes[0].Windows.Snapshots ?? [];
        WindowCounts counts = peers.Count == 0 ? default : peers[0].Counts;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_connections,11} {percent,4} %  {(extensions ? "yes" : "no"),-6} {missing,8} {later[0],8} {later[1],8} {(completeMs < 0 ? "never" : $"{completeMs:F0} ms"),22} {messages,9} x{messages / floor:F3} {nacks,6}  {_freshness.Text}  longest repair {counts.LongestRepairMs} ms, given up {counts.Missing}"));
        return ratio;
    }

    private int Missing => _connections - _directors[1].Table.Count;

    private void Open()
    {
        ConnectionTable table = _directors[0].Table;
        var outcomes = new ApplyOutcome[PerMillisecond];
        long start = Stopwatch.GetTimestamp();
        for (int number = 0, ms = 0; number < _connections; number += PerMillisecond, ms++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < ms)
                Thread.Yield();
            ConnectionEntry[] entries = [.. Enumerable.Range(number, Math.Min(PerMillisecond, _connections - number)).Select(Sample.Entry)];
            if (ms % ProbeMs == 0)
                _freshness.Note(entries[^1].Key);
            table.ApplyAll(entries, Origin.Local, outcomes, table.NowMs);
            table.Signal(Origin.Local);
        }
    }

    /// <summary>Waits until all are there.</summary>
    /// <param name="since">When the last was opened.</param>
    /// <returns>How long that took, negative if too long; and how many were missing after 1 and 2 s.</returns>
    private (double CompleteMs, int[] Missing) AwaitComplete(long since)
    {
        int[] missing = new int[2];
        for (double ms = 0; ms < LongestWaitMs; ms = Stopwatch.GetElapsedTime(since).TotalMilliseconds)
        {
            int now = Missing;
            if (now == 0)
                return (ms, missing);
            if (ms >= 1000 && missing[0] == 0)
                missing[0] = now;
            if (ms >= 2000 && missing[1] == 0)
                missing[1] = now;
            Thread.Sleep(1);
        }

        return (-1, missing);
    }
}
