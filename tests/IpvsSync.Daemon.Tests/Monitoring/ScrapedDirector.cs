using System.Diagnostics.Metrics;
using System.Net;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Monitoring;

/// <summary>
/// A director on the loopback, whose metrics are read over HTTP as Prometheus does. What passes it: one connection of its own, sent in one
/// message, and once more because a peer asks for it; these messages, which the loopback gives back; one message of a peer with one connection, twice; the
/// peer's losses (<see cref="ScrapedPeer"/>); and one message of another cluster.
/// </summary>
public sealed class ScrapedDirector : IAsyncLifetime
{
    /// <summary>The address of the peer that sends one connection.</summary>
    public const string Peer = ScrapedPeer.Address;

    /// <summary>Seconds by which the clock jumps before the metrics are read, so that what is measured in seconds differs from 0.</summary>
    public const int Jump = 40;

    /// <summary>The longest time in seconds from the first message until the metrics are read, the jump aside.</summary>
    public const int Timeout = 30;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HttpClient _client = new();
    private readonly DemoNetwork _network = FreePort.Network(2);
    private readonly IPEndPoint _listen = new(IPAddress.Loopback, FreePort.Tcp());
    private readonly JumpingTime _time = new();
    private readonly SyncMetrics _metrics;
    private readonly Director _director;
    private readonly MetricsExport _export;

    public ScrapedDirector()
    {
        _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        SyncOptions options = new()
        {
            Interface = DemoNetwork.Interface,
            Group = _network.Group,
            Port = _network.Port,
            SyncId = ScrapedPeer.SyncId,
            Kernel = new KernelOptions { Mode = KernelMode.None },
            Authentication = Keys.Options(AuthenticationMode.Sign, Keys.Of(1)),
            Metrics = new MetricsOptions { Listen = _listen.ToString() },
        };
        _director = new Director(options, _metrics, new UdpSockets(options), _time, NullLogger<Director>.Instance);
        _export = new MetricsExport(options, _director, _metrics, _time, NullLogger<MetricsExport>.Instance);
    }

    /// <summary>What Prometheus read before the director was ready.</summary>
    public string Before { get; private set; } = "";

    /// <summary>What it reads now.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Messages that may wait in a lane to the peers.</summary>
    public int QueueLimit => _director.Senders[0].WaitingLimit;

    /// <summary>Connections that its table takes.</summary>
    public int ConnectionLimit => _director.Table.Limit;

    /// <summary>The lines of one metric in what Prometheus read, without comments.</summary>
    public static IEnumerable<string> Lines(string text, string name)
        => text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        await _export.StartAsync(CancellationToken.None);
        Before = await ScrapeAsync();
        _director.Start();
        using (var peer = new ScrapedPeer(_network))
            Talk(peer);
        _time.Jump(TimeSpan.FromSeconds(Jump));
        Text = await ScrapeAfterJumpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _director.Stop();
        await _export.StopAsync(CancellationToken.None);
        _export.Dispose();
        _director.Dispose();
        _client.Dispose();
        await _services.DisposeAsync();
    }

    private Task<string> ScrapeAsync() => _client.GetStringAsync(new Uri($"http://{_listen}/metrics"));

    /// <summary>The peer's first and last messages are so far apart that it counts as established, and as lost after <see cref="Jump"/>.</summary>
    private void Talk(ScrapedPeer peer)
    {
        LaneExtensions lane = _director.Extensions!.Lanes[0];
        using UdpReceiver ear = MulticastReceiver.Open(new MulticastEndpoint { Interface = DemoNetwork.Interface, Group = _network.Group, Port = _network.Port });
        peer.Beat();
        Await(() => Known is { } known && known.Highest == 0);
        _time.Jump(TimeSpan.FromSeconds(2 * FlowConstants.PeerSilentMs / 1000));
        lane.Prompt();
        peer.AnswerProbe(ear, lane.Instance);
        Await(() => _director.Extensions!.Probed.Count == 1);
        peer.SpeakWithHoles();
        Await(() => Known?.Counts.Lost == ScrapedPeer.Lost - 1);
        peer.Repair();
        Await(() => Known?.Counts.Lost == ScrapedPeer.Lost);
        ulong number = lane.Numbers.Last + 1;
        _director.Table.Apply(Entries.Tcp(8), Origin.Local);
        _director.Table.Signal(Origin.Local);
        Await(() => _director.Senders[0].Messages == 1);
        _time.Jump(TimeSpan.FromMilliseconds(FlowConstants.NackAfterMs));
        peer.Ask(lane.Instance, number);
        peer.AnswerDigest(lane.Instance);
        Await(() => lane.Held.Last.Count == 1 && lane.Repair.Messages == 1 && lane.Inbox.Own > 0 && HaveAllPassed());
    }

    private InstanceSnapshot? Known => _director.Extensions!.Lanes[0].Windows.Snapshots.Cast<InstanceSnapshot?>().FirstOrDefault();

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(Timeout)));

    /// <summary>Whether sender and receiver have handled all messages, and wait again: only then is everything counted.</summary>
    private bool HaveAllPassed() => _director.Senders[0].Messages == 2 && (_director.Senders[0].Activity.Turns & 1) == 0
        && _director.Receivers[0].Messages == 2 && (_director.Receivers[0].Activity.Turns & 1) == 0;

    /// <summary>
    /// The exporter answers from memory for 300 ms: the first answers may be older than the jump. And to the director the jump is a standstill,
    /// after which it asks for <see cref="ResyncOptions.AloneAfter"/> whether anybody is there.
    /// </summary>
    private async Task<string> ScrapeAfterJumpAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        string text;
        do
            text = await ScrapeAsync();
        while (!(text.Contains($"peer=\"{Peer}\"", StringComparison.Ordinal) && IsReady(text)) && TimeProvider.System.GetElapsedTime(start).TotalSeconds < Timeout);
        return text;
    }

    private static bool IsReady(string text)
        => Lines(text, "ipvs_sync_resync_state").Any(line => line.Contains("\"ready\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));

    /// <summary>The system's clock, until it jumps.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _ticks);

        public void Jump(TimeSpan time) => Interlocked.Add(ref _ticks, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
