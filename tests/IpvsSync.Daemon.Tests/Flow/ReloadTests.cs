using System.Diagnostics.Metrics;
using System.Net;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What a reload says of a key is what it does with it.</summary>
public sealed class ReloadTests : IDisposable
{
    private static readonly SyncOptions s_configured = new() { Interface = "lo", MaxMessageSize = 1400 };

    /// <summary>For each key, options in which it alone differs.</summary>
    private static readonly Dictionary<string, SyncOptions> s_changed = new()
    {
        ["Role"] = s_configured with { Role = Role.Backup },
        ["SyncId"] = s_configured with { SyncId = 7 },
        ["Interface"] = s_configured with { Interface = "eth7" },
        ["WaitForInterface"] = s_configured with { WaitForInterface = true },
        ["Group"] = s_configured with { Group = new IPAddress([224, 0, 0, 99]) },
        ["Peers"] = s_configured with { Peers = [new PeerAddress(new IPAddress([192, 0, 2, 9]), 0)] },
        ["Port"] = s_configured with { Port = 9999 },
        ["Ttl"] = s_configured with { Ttl = 9 },
        ["MaxMessageSize"] = s_configured with { MaxMessageSize = 900 },
        ["SyncVersion"] = s_configured with { SyncVersion = SyncVersion.V0 },
        ["SyncPorts"] = s_configured with { SyncPorts = 4 },
        ["SyncThreshold"] = s_configured with { SyncThreshold = 3 },
        ["SyncPeriod"] = s_configured with { SyncPeriod = 50 },
        ["SyncRefreshPeriod"] = s_configured with { SyncRefreshPeriod = 5 },
        ["SyncRetries"] = s_configured with { SyncRetries = 3 },
        ["IdleRefreshPeriod"] = s_configured with { IdleRefreshPeriod = 77 },
        ["SyncPersistMode"] = s_configured with { SyncPersistMode = 1 },
        ["SyncQueueLength"] = s_configured with { SyncQueueLength = 99 },
        ["SocketBufferSize"] = s_configured with { SocketBufferSize = 99_999 },
        ["FlushIntervalMs"] = s_configured with { FlushIntervalMs = 9 },
        ["Extensions"] = s_configured with { Extensions = false },
        ["MaxConnections"] = s_configured with { MaxConnections = 77 },
        ["ControlSocket"] = s_configured with { ControlSocket = "/run/other" },
        ["ControlGroup"] = s_configured with { ControlGroup = "7" },
        ["Kernel:Mode"] = With(new KernelOptions { Mode = KernelMode.None }),
        ["Kernel:Interface"] = With(new KernelOptions { Interface = "eth7" }),
        ["Kernel:FeedGroup"] = With(new KernelOptions { FeedGroup = new IPAddress([224, 0, 0, 99]) }),
        ["Kernel:FeedPort"] = With(new KernelOptions { FeedPort = 9999 }),
        ["Kernel:InjectGroup"] = With(new KernelOptions { InjectGroup = new IPAddress([224, 0, 0, 99]) }),
        ["Kernel:InjectPort"] = With(new KernelOptions { InjectPort = 9999 }),
        ["Kernel:SyncId"] = With(new KernelOptions { SyncId = 7 }),
        ["Kernel:TakeOver"] = With(new KernelOptions { TakeOver = true }),
        ["Kernel:Sysctls"] = With(new KernelOptions { Sysctls = SysctlMode.Check }),
        ["Kernel:Feed"] = With(new KernelOptions { Feed = KernelFeed.Master }),
        ["Kernel:FeedLoader"] = With(new KernelOptions { FeedLoader = "/run/other" }),
        ["Kernel:PushIntervalMs"] = With(new KernelOptions { PushIntervalMs = 0 }),
        ["Kernel:PushAddress"] = With(new KernelOptions { PushAddress = new IPAddress([198, 51, 100, 1]) }),
        ["Resync:AloneAfter"] = s_configured with { Resync = new ResyncOptions { AloneAfter = 0.5m } },
        ["Resync:TimeLimit"] = s_configured with { Resync = new ResyncOptions { TimeLimit = 9 } },
        ["Authentication:Mode"] = s_configured with { Authentication = new AuthenticationOptions { Mode = AuthenticationMode.Sign } },
        ["Authentication:Keys"] = s_configured with { Authentication = new AuthenticationOptions { Keys = new KeyList([new KeyList.Entry(1, "/a", null)]) } },
        ["Authentication:ActiveKey"] = s_configured with { Authentication = new AuthenticationOptions { ActiveKey = 7 } },
        ["Metrics:Listen"] = s_configured with { Metrics = new MetricsOptions { Listen = "127.0.0.1:18748" } },
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SyncMetrics _metrics;
    private readonly MemoryNetwork _network = new(TimeProvider.System);

    public ReloadTests() => _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());

    /// <summary>The names of all keys.</summary>
    public static TheoryData<string> Keys => [.. OptionKeys.All.Select(key => key.Name)];

    public void Dispose()
    {
        _network.Dispose();
        _services.Dispose();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Reload_OneKeyDiffers_IsAppliedOrNamedForARestart(string name)
    {
        OptionKey key = OptionKeys.All.Single(other => other.Name == name);
        SyncOptions fresh = s_changed[name];
        using Director director = new(s_configured, _metrics, _network.AddHost(s_configured, "192.0.2.1"), TimeProvider.System, NullLogger<Director>.Instance);
        ReloadOutcome outcome = director.Reload(fresh);

        OptionChange change = Assert.Single(outcome.Applied.Concat(outcome.Restart));
        Assert.Equal(name, change.Key);
        bool isApplied = outcome.Applied.Count == 1;
        Assert.Equal(key.Value(isApplied ? fresh : s_configured), key.Value(director.Options));
        Assert.Equal([.. outcome.Applied], OptionKeys.Between(s_configured, director.Options));
    }

    /// <summary>Options alone change nothing: the outlet and the embedded director must have got them.</summary>
    [Theory]
    [InlineData("SyncThreshold")]
    [InlineData("SyncPeriod")]
    [InlineData("SyncRefreshPeriod")]
    [InlineData("SyncRetries")]
    public void Reload_Policy_ReachesOutletAndFeed(string name)
    {
        SyncOptions embedded = s_configured with { Role = Role.Master, Kernel = new KernelOptions { Mode = KernelMode.Embedded } };
        SyncOptions fresh = OptionKeys.Reload(embedded, s_changed[name]);
        var pipelines = new Pipelines(
            embedded, _metrics, _network.AddHost(embedded, "192.0.2.1").Follow(), IdleLearner.Make(), TimeProvider.System, NullLogger.Instance, (_, _) => { });
        var table = new ConnectionTable(TimeProvider.System, new TableOutlets(pipelines.ToPeers));
        pipelines.Enter(embedded, embedded.IsBackup, table, new WorkloadOptions(), () => { });
        Assert.NotEqual(EmbeddedFeed.Policy(fresh), pipelines.Master!.Embedded!.Director.Settings);
        pipelines.Reload(fresh);

        Assert.Equal(KernelSettings.Refresh(fresh), pipelines.ToPeers.Settings);
        Assert.Equal(EmbeddedFeed.Policy(fresh), pipelines.Master.Embedded.Director.Settings);
        pipelines.LeaveMaster(() => { }, new StopSteps(NullLogger.Instance));
    }

    /// <summary>Each reload is compared with the one before it, not with the start.</summary>
    [Fact]
    public void Reload_KeysOfTheStartAgain_AreUsedAgain()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        Director director = pair.A.Director;
        AuthenticationOptions start = director.Options.Authentication;
        Assert.Null(director.Extensions!.Keys.Ring);
        director.Reload(director.Options with { Authentication = Tests.Keys.Options(AuthenticationMode.Sign, Tests.Keys.Of(1)) });
        Assert.NotNull(director.Extensions.Keys.Ring);
        director.Reload(director.Options with { Authentication = start });
        Assert.Null(director.Extensions.Keys.Ring);
    }

    [Fact]
    public void Reload_MaxConnections_ReachesTheTable()
    {
        using Director director = new(s_configured, _metrics, _network.AddHost(s_configured, "192.0.2.1"), TimeProvider.System, NullLogger<Director>.Instance);
        director.Reload(s_changed["MaxConnections"]);
        Assert.Equal(77, director.Table.Limit);
    }

    [Fact]
    public void Reload_RunningDirector_AppliesVersionAndPolicyToWhatItSends()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.A.FeedNumbers([1]);
        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(SyncVersion.V1, Assert.Single(pair.B.Director.Peers.Snapshots).Version);

        pair.A.Director.Reload(pair.A.Director.Options with { SyncVersion = SyncVersion.V0 });
        pair.A.FeedNumbers([2]);
        Until.True(() => pair.B.Director.Table.Count == 2);
        Assert.Equal(SyncVersion.V0, Assert.Single(pair.B.Director.Peers.Snapshots).Version);
    }

    private static SyncOptions With(KernelOptions kernel) => s_configured with { Kernel = kernel };
}
