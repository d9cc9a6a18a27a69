using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>
/// A director on the loopback whose kernel and whose peer are the test. Unlike on an Ethernet, a director with both pipelines receives
/// there what it sends itself.
/// </summary>
internal sealed class ControlledDirector : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-control-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly UdpSender _kernel;
    private readonly UdpSender _peer;

    public ControlledDirector(Role role)
    {
        DemoNetwork network = FreePort.Network(ports: 4);
        Options = new SyncOptions
        {
            Role = role,
            Interface = DemoNetwork.Interface,
            Group = network.Group,
            Port = network.Port,
            MaxMessageSize = 1400,
            Kernel = new KernelOptions
            {
                Mode = KernelMode.Attached,
                FeedGroup = network.Group,
                FeedPort = network.Port + 2,
                InjectGroup = network.Group,
                InjectPort = network.Port + 3,
            },
        };
        Configure();
        Metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        Director = new Director(Options, Metrics, new UdpSockets(Options), TimeProvider.System, NullLogger<Director>.Instance);
        Director.Faulted += (worker, fault) => Fault = $"{worker}: {fault}";
        DirectorControl = new Daemon.Flow.DirectorControl(Director, new ConfigurationSource(ConfigurationFile, []), Lifetime, NullLogger<Director>.Instance);
        (_kernel, _peer) = (Speak(Endpoints.Feed(Options.Kernel, 0)), Speak(Endpoints.Group(Options, 0, "lo")));
        (Injected, Wire) = (Listen(Endpoints.Inject(Options.Kernel, 0)), Listen(Endpoints.Group(Options, 0, "lo")));
        Director.Start();
    }

    public SyncOptions Options { get; }

    public Director Director { get; }

    public SyncMetrics Metrics { get; }

    public DirectorControl DirectorControl { get; }

    public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    /// <summary>What the kernel's backup receives.</summary>
    public Ear Injected { get; }

    /// <summary>What is sent on the sync network.</summary>
    public Ear Wire { get; }

    /// <summary>The worker that has ended by itself; null if none has.</summary>
    public string? Fault { get; private set; }

    private string ConfigurationFile => Path.Combine(_directory, "appsettings.json");

    /// <summary>Writes the configuration file as at the start, with these members of its section besides.</summary>
    public void Configure(string more = "\"Ttl\": 1") => File.WriteAllText(ConfigurationFile, $$"""
        { "IpvsSync": { "Role": "{{Options.Role}}", "Interface": "lo", "Group": "{{Options.Group}}", "Port": {{Options.Port}}, "MaxMessageSize": 1400,
          "Kernel": { "Mode": "Attached", "FeedGroup": "{{Options.Group}}", "FeedPort": {{Options.Kernel.FeedPort}},
            "InjectGroup": "{{Options.Group}}", "InjectPort": {{Options.Kernel.InjectPort}} },
          {{more}} } }
        """);

    /// <summary>The kernel sends connections.</summary>
    public void Feed(params IEnumerable<int> numbers) => Send(_kernel, numbers);

    /// <summary>A peer sends connections.</summary>
    public void SendFromPeer(params IEnumerable<int> numbers) => Send(_peer, numbers);

    public void Dispose()
    {
        Director.Stop();
        Director.Dispose();
        Injected.Dispose();
        Wire.Dispose();
        _kernel.Dispose();
        _peer.Dispose();
        _services.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Ear Listen(MulticastEndpoint endpoint) => new(MulticastReceiver.Open(endpoint, receiveBufferSize: 4 << 20));

    private static UdpSender Speak(MulticastEndpoint endpoint) => MulticastSender.Open(endpoint, loopback: true, sendBufferSize: 0);

    private static void Send(UdpSender socket, IEnumerable<int> numbers)
        => Messages.Send(socket, numbers.Select(number => Entries.Tcp(number)));
}
