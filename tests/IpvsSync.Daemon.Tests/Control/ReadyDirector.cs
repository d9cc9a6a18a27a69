using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Control;

/// <summary>
/// The verbs of a master on the loopback. No other process sends to its feed, so the table holds exactly what the test adds.
/// </summary>
internal sealed class ReadyDirector : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LeapingTime _time = new();
    private readonly Director _director;

    /// <summary>Creates the director without starting it.</summary>
    /// <param name="mode">The kernel's mode; <c>verify</c> needs a connected one.</param>
    /// <param name="kernel">The kernel's table for <c>verify</c>.</param>
    public ReadyDirector(KernelMode mode = KernelMode.Attached, KernelTable? kernel = null)
    {
        var network = DemoNetwork.Choose(ports: 2);
        var options = new SyncOptions
        {
            Role = Role.Master,
            Interface = DemoNetwork.Interface,
            Group = network.Group,
            Port = network.Port,
            Kernel = new KernelOptions { Mode = mode, FeedGroup = network.Group, FeedPort = network.Port + 1 },
        };
        var metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        _director = new Director(options, metrics, new UdpSockets(options), _time, NullLogger<Director>.Instance);
        Verbs = new ControlVerbs(_director, metrics, _time, control: null, kernel);
    }

    public ControlVerbs Verbs { get; }

    public ConnectionTable Table => _director.Table;

    public ReadyDirector Start()
    {
        _director.Start();
        return this;
    }

    public void Dispose()
    {
        Verbs.Dispose();
        _director.Stop();
        _director.Dispose();
        _services.Dispose();
    }
}
