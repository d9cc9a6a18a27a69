using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Monitoring;

/// <summary>
/// A director with simulated traffic on the loopback, whose metrics are read over HTTP as Prometheus does. It hears two peers: one has told it
/// of one connection, the other is itself, since the loopback gives every multicast datagram back.
/// </summary>
public sealed class ScrapedDirector : IAsyncLifetime
{
    /// <summary>The address of the peer that has told it of one connection.</summary>
    public const string Peer = "127.0.0.2";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HttpClient _client = new();
    private readonly DemoNetwork _network = DemoNetwork.Choose(2);
    private readonly IPEndPoint _listen = FreeEndpoint();
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
            SyncId = 5,
            Kernel = new KernelOptions { Mode = KernelMode.Embedded },
            Metrics = new MetricsOptions { Listen = _listen },
        };
        _director = new Director(options, _metrics, new UdpWires(options), TimeProvider.System, NullLogger<Director>.Instance)
        {
            Workload = new WorkloadOptions { ConnectionsPerSecond = 100, BusyConnections = 10 },
        };
        _export = new MetricsExport(options, _director, _metrics, TimeProvider.System);
    }

    /// <summary>What Prometheus read before the director was ready.</summary>
    public string Before { get; private set; } = "";

    /// <summary>What it reads now.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The lines of one metric in what Prometheus read, without comments.</summary>
    public static IEnumerable<string> Lines(string text, string name)
        => text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        await _export.StartAsync(CancellationToken.None);
        Before = await ScrapeAsync();
        _director.Start();
        Speak();
        long start = TimeProvider.System.GetTimestamp();
        while ((_metrics.Sent.Messages == 0 || _metrics.Received.Refused(Refusal.OtherSyncId) == 0) && TimeProvider.System.GetElapsedTime(start) < s_timeout)
            await Task.Delay(10);
        await Task.Delay(500); // the exporter answers from memory for 300 ms
        Text = await ScrapeAsync();
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

    private static IPEndPoint FreeEndpoint()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private Task<string> ScrapeAsync() => _client.GetStringAsync(new Uri($"http://{_listen}/metrics"));

    /// <summary>A message of a peer, and one of another cluster.</summary>
    private void Speak()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Peer), 0));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        byte[] message = new byte[1472];
        foreach (byte syncId in (byte[])[5, 6])
        {
            var writer = MessageWriter.Start(message, SyncVersion.V1, syncId);
            Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(7)));
            socket.SendTo(message.AsSpan(0, writer.Length), new IPEndPoint(_network.Group, _network.Port));
        }
    }
}
