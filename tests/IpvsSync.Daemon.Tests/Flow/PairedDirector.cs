using System.Diagnostics;
using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>A whole director whose kernel is the test.</summary>
internal sealed class PairedDirector : IDisposable
{
    private readonly Stopwatch _age = Stopwatch.StartNew();
    private readonly IDatagramSender _kernel;
    private bool _isStopped;

    /// <param name="host">Its place on the network.</param>
    /// <param name="meters">Where it counts.</param>
    /// <param name="time">Its clock.</param>
    public PairedDirector(ITestHost host, IMeterFactory meters, TimeProvider time)
    {
        Host = host;
        Wires = new RefusingWires(host.Wires);
        Metrics = new SyncMetrics(meters);
        Director = new Director(host.Options, Metrics, Wires, time, NullLogger<Director>.Instance);
        Director.Faulted += (worker, fault) => Fault = $"{worker}: {fault}";
        _kernel = host.OpenKernelMaster(lane: 0);
        Injected = new Ear([.. Enumerable.Range(0, host.Options.SyncPorts).Select(host.OpenKernelBackup)]);
    }

    public Director Director { get; }

    public SyncMetrics Metrics { get; }

    public ITestHost Host { get; }

    /// <summary>Refuse what is sent to the peers when told so.</summary>
    public RefusingWires Wires { get; }

    /// <summary>What the kernel's backup receives.</summary>
    public Ear Injected { get; }

    /// <summary>The worker that has ended by itself; null if none has.</summary>
    public string? Fault { get; private set; }

    /// <summary>Seconds since it was made, rounded up.</summary>
    public double AgeSeconds => Math.Ceiling(_age.Elapsed.TotalSeconds);

    /// <summary>The entries of its table, in the order of their numbers.</summary>
    public IReadOnlyList<ConnectionEntry> Known
        => [.. Director.Table.ToList().Select(record => record.Entry).OrderBy(entry => entry.Key.Client.ToString(), StringComparer.Ordinal).ThenBy(entry => entry.Key.ClientPort)];

    /// <summary>The kernel sends entries.</summary>
    public void Feed(params IEnumerable<ConnectionEntry> entries) => Messages.Send(_kernel, entries);

    /// <summary>The kernel sends connections of <see cref="Entries"/>, and the table gets to know them.</summary>
    public void FeedNumbers(IEnumerable<int> numbers)
    {
        int before = Director.Table.Count;
        int[] all = [.. numbers];
        Feed(all.Select(number => Entries.Tcp(number)));
        Until.True(() => Director.Table.Count >= before + all.Length);
    }

    /// <summary>Stops it; what it has received is sent first.</summary>
    public void Stop()
    {
        if (!_isStopped)
            Director.Stop();
        _isStopped = true;
    }

    public void Dispose()
    {
        Stop();
        Director.Dispose();
        Injected.Dispose();
        _kernel.Dispose();
    }
}
