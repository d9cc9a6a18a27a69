using System.Diagnostics.Metrics;
using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;
using Microsoft.Extensions.DependencyInjection;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Directors of one group on a network in memory, each with the role Both unless told otherwise, that start, end and come back.</summary>
internal sealed class Cluster : IDisposable
{
    private const int Lanes = 2;
    private const int PortsEach = Lanes + 2;

    /// <summary>Seconds after which a director that hears nobody is alone.</summary>
    public const decimal SoonAlone = 0.3m;

    /// <summary>The same for one that somebody will answer, however slow the machine is.</summary>
    private const decimal NeverAlone = 100;

    private static readonly IPAddress s_group = new([239, 255, 0, 1]);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<PairedDirector> _directors = [];

    private readonly TimeProvider _time;

    /// <param name="time">The directors' clock; null for the system's.</param>
    public Cluster(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Network = new MemoryNetwork(TimeProvider.System);
    }

    public MemoryNetwork Network { get; }

    /// <summary>Makes and starts a director. Only the first one is alone soon.</summary>
    /// <param name="number">Its place in the group, from 1: a director that comes back has the place of the one before it.</param>
    /// <param name="adjust">Changes to its options.</param>
    public PairedDirector Start(int number, Func<SyncOptions, SyncOptions>? adjust = null)
    {
        SyncOptions options = Options(number) with { Resync = new ResyncOptions { AloneAfter = _directors.Count == 0 ? SoonAlone : NeverAlone } };
        MemoryHost host = Network.AddHost(adjust?.Invoke(options) ?? options, $"192.0.2.{number}");
        var director = new PairedDirector(host, _services.GetRequiredService<IMeterFactory>(), _time);
        _directors.Add(director);
        director.Director.Start();
        return director;
    }

    /// <summary>Ends a director at once, without a word to the others.</summary>
    public static void Kill(PairedDirector director)
    {
        ((MemoryHost)director.Host).IsCut = true;
        director.Stop();
    }

    public void Dispose()
    {
        _directors.ForEach(director => director.Dispose());
        Network.Dispose();
        _services.Dispose();
    }

    private static SyncOptions Options(int number) => new()
    {
        Interface = "lo",
        Group = s_group,
        Port = 20_000,
        SyncPorts = Lanes,
        MaxMessageSize = 1400,
        Kernel = new KernelOptions
        {
            Mode = KernelMode.Attached,
            FeedGroup = s_group,
            FeedPort = 20_000 + (2 * number * PortsEach),
            InjectGroup = s_group,
            InjectPort = 20_000 + (((2 * number) + 1) * PortsEach),
        },
    };
}
