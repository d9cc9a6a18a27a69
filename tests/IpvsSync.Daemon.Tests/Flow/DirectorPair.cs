using System.Diagnostics.Metrics;
using System.Net;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Two whole directors, A a master and B a backup unless told otherwise, on a network of either kind. Both are started.</summary>
internal sealed class DirectorPair : IDisposable
{
    private const int Lanes = 2;

    /// <summary>Ports of one purpose; behind the lanes' there is the one of strays.</summary>
    private const int PortsEach = Lanes + 2;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    /// <param name="kind">The network.</param>
    /// <param name="adjust">Changes to the options of both.</param>
    public DirectorPair(WireKind kind, Func<SyncOptions, SyncOptions>? adjust = null)
    {
        bool isMemory = kind == WireKind.Memory;
        Network = isMemory ? new MemoryNetwork(TimeProvider.System) : null;
        DemoNetwork place = isMemory ? new DemoNetwork(new IPAddress([239, 255, 0, 1]), 20_000) : FreePort.Network(5 * PortsEach);
        adjust ??= options => options;
        (A, B) = (Open(adjust(Options(place, 1, Role.Master)), "192.0.2.1"), Open(adjust(Options(place, 3, Role.Backup)), "192.0.2.2"));
        B.Director.Start();
        A.Director.Start();
    }

    public PairedDirector A { get; }

    public PairedDirector B { get; }

    /// <summary>The network in memory; null on sockets.</summary>
    public MemoryNetwork? Network { get; }

    /// <summary>Waits until <paramref name="learner"/> knows all that <paramref name="teller"/> knows, and fails if anything differs.</summary>
    public static void AwaitEqual(PairedDirector teller, PairedDirector learner)
    {
        Until.True(() => learner.Director.Table.Count >= teller.Director.Table.Count);
        Until.Try(() => teller.Known.SequenceEqual(Learnt(teller.Known, learner)));
        IReadOnlyList<ConnectionEntry> told = teller.Known;
        Assert.Equal(told, Learnt(told, learner));
        Assert.Null(teller.Fault);
        Assert.Null(learner.Fault);
    }

    /// <summary>
    /// What a learner knows. The timeout of what was told again is what was left of the connection's life, at least; on a machine that stood still
    /// for seconds, either may have asked the other.
    /// </summary>
    private static IEnumerable<ConnectionEntry> Learnt(IReadOnlyList<ConnectionEntry> told, PairedDirector learner)
    {
        IReadOnlyList<ConnectionEntry> known = learner.Known;
        return known.Count != told.Count ? known : known.Zip(told, WithItsTimeout);

        ConnectionEntry WithItsTimeout(ConnectionEntry entry, ConnectionEntry original)
            => Math.Abs((long)original.Timeout - entry.Timeout) <= learner.AgeSeconds ? entry with { Timeout = original.Timeout } : entry;
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        Network?.Dispose();
        _services.Dispose();
    }

    private static SyncOptions Options(DemoNetwork place, int slot, Role role) => new()
    {
        Role = role,
        Interface = DemoNetwork.Interface,
        Group = place.Group,
        Port = place.Port,
        SyncPorts = Lanes,
        MaxMessageSize = 1400,
        Kernel = new KernelOptions
        {
            Mode = KernelMode.Attached,
            FeedGroup = place.Group,
            FeedPort = place.Port + (slot * PortsEach),
            InjectGroup = place.Group,
            InjectPort = place.Port + ((slot + 1) * PortsEach),
        },
    };

    private PairedDirector Open(SyncOptions options, string address) => new(
        Network is null ? new LoopbackHost(options) : Network.AddHost(options, address), _services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
}
