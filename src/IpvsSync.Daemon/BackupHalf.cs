using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon;

/// <summary>
/// The way in, in flow order: sockets of the peers' lanes, receivers, [the table,] injectors. One thread opens, starts and stops it.
/// </summary>
/// <param name="options">What the operator asked for.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="ended">Told of each worker that ends, on its thread.</param>
internal sealed class BackupHalf(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger log, Action<Worker, Exception?> ended)
    : IDisposable
{
    private const int LastPort = 65535;

    private readonly List<IDatagramReceiver> _sockets = [];
    private readonly List<IDisposable> _outlets = [];
    private readonly List<Receiver> _readers = [];
    private readonly List<InjectorPacer> _pacers = [];
    private readonly WorkerGroup _receivers = new(ended, time, log);

    /// <summary>Who reads the peers' messages, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _readers;

    /// <summary>Who listens on the port behind the last lane; null if nobody does.</summary>
    public StrayReceiver? Stray { get; private set; }

    /// <summary>Opens every socket.</summary>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public void Open(ConnectionTable table)
    {
        for (int lane = 0; lane < options.SyncPorts; lane++)
            OpenLane(table, lane);
        if (options.Port + options.SyncPorts <= LastPort)
            OpenStray();
    }

    /// <summary>
    /// The kernel must listen on every lane's port by now; if the sync daemon that was started first is somebody else's, it may have fewer lanes
    /// than we. Somebody else's backup may also start later.
    /// </summary>
    /// <exception cref="KernelDoorException">It has fewer, and its daemons are ours.</exception>
    public void PrimeInjectors()
    {
        int listening = _pacers.Count(pacer => pacer.Prime());
        if (options.Kernel.IsManaged && listening < _pacers.Count)
        {
            throw new KernelDoorException(
                $"The kernel's backup listens on {listening} of {_pacers.Count} ports. The number of its lanes was fixed by the sync daemon "
                + "that was started first: stop that one, or set SyncPorts to its number.");
        }
    }

    /// <summary>Starts the workers.</summary>
    public void Start() => _receivers.Start();

    /// <summary>Stops receiving; what has come is injected.</summary>
    public void Stop()
    {
        foreach (IDatagramReceiver socket in _sockets)
            socket.Shutdown();
        _receivers.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable outlet in _outlets)
            outlet.Dispose();
    }

    private void OpenLane(ConnectionTable table, int lane)
    {
        MulticastReceiver socket = OpenSocket(lane, options.SocketBufferSize);
        IConnectionSink sink = options.Kernel.IsConnected ? OpenInjector(lane) : new NoSink();
        _outlets.Add(sink);
        var receiver = new Receiver(socket, ReaderOptions(), Origin.Peer, table, sink, metrics.Received);
        _readers.Add(receiver);
        _receivers.Add($"recv/{lane}", receiver.Run);
    }

    /// <summary>The port behind our last lane, where a peer with more lanes is heard; one that somebody else holds is let be.</summary>
    private void OpenStray()
    {
        try
        {
            Stray = new StrayReceiver(OpenSocket(options.SyncPorts, bufferSize: 0), ReaderOptions());
            _receivers.Add("recv/stray", Stray.Run);
        }
        catch (KernelException exception) when (exception.Errno == Errno.EADDRINUSE)
        {
            // Without it one hint is missing, and nothing else.
        }
    }

    private MulticastReceiver OpenSocket(int lane, int bufferSize)
    {
        var socket = MulticastReceiver.Open(Endpoints.Wire(options, lane), bufferSize);
        _sockets.Add(socket);
        _outlets.Add(socket);
        return socket;
    }

    private ReaderOptions ReaderOptions() => new() { SyncId = (byte)options.SyncId };

    private Injector OpenInjector(int lane)
    {
        KernelOptions kernel = options.Kernel;
        MulticastEndpoint endpoint = Endpoints.Inject(kernel, lane);
        var socket = MulticastSender.Open(endpoint, loopback: true, options.SocketBufferSize);
        var probe = UdpQueueProbe.Open(kernel.Interface);
        _outlets.Add(probe);
        var pacer = new InjectorPacer(() => probe.Query(endpoint.Group, endpoint.Port), round => Thread.Sleep(round < 4 ? 0 : 1));
        _pacers.Add(pacer);
        return new Injector(socket, pacer, (byte)kernel.SyncId, metrics.Injected);
    }
}
