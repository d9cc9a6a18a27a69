using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What the kernel drops at a director's full socket counts as lost, while the director runs.</summary>
[Collection(Alone.Name)]
public sealed class SocketDropTests : IDisposable
{
    /// <summary>The kernel makes the least that it allows of it: the memory of one or two datagrams.</summary>
    private const int SmallestBuffer = 1;

    private const int Burst = 200;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Director_SocketOverflows_IsCountedAsLost()
    {
        SyncOptions options = Options();
        var metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        using var director = new Director(options, metrics, new UdpSockets(options), TimeProvider.System, NullLogger<Director>.Instance);
        using UdpSender sender = MulticastSender.Open(Endpoints.Group(options, 0, "lo"), loopback: true, sendBufferSize: 0);
        director.Start();
        DatagramBuffer[] burst = [.. Enumerable.Range(0, Burst).Select(_ => Message())];

        bool isCounted = SpinWait.SpinUntil(() => { sender.Send(burst); return metrics.Received.Lost > 0; }, s_timeout);
        director.Stop();
        Assert.True(isCounted);
    }

    private static SyncOptions Options()
    {
        DemoNetwork network = FreePort.Network(ports: 2);
        return new SyncOptions
        {
            Role = Role.Backup,
            Interface = DemoNetwork.Interface,
            Group = network.Group,
            Port = network.Port,
            MaxMessageSize = 1400,
            SocketBufferSize = SmallestBuffer,
            Kernel = new KernelOptions { Mode = KernelMode.None },
        };
    }

    private static DatagramBuffer Message()
    {
        var message = new DatagramBuffer(1472);
        var writer = MessageWriter.Start(message.Space, SyncVersion.V1, 0);
        writer.TryWrite(Entries.Tcp(1));
        message.Length = writer.Length;
        return message;
    }
}
