using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>One director's wires in a <see cref="MemoryNetwork"/>, and its kernel's side of them.</summary>
/// <param name="network">The network.</param>
/// <param name="options">The director's.</param>
/// <param name="address">The source address of what it sends.</param>
internal sealed class MemoryHost(MemoryNetwork network, SyncOptions options, SourceAddress address) : ITestHost, IWires
{
    /// <summary>Bytes of the kernel's default socket buffer.</summary>
    private const int DefaultBuffer = 212992;

    private volatile bool _isCut;

    /// <summary>The source address of what it sends.</summary>
    public SourceAddress Address => address;

    /// <summary>Whether its link to the others is cut: what it sends and what is sent to it is lost without a word.</summary>
    public bool IsCut
    {
        get => _isCut;
        set => _isCut = value;
    }

    /// <inheritdoc/>
    public SyncOptions Options => options;

    /// <inheritdoc/>
    public IWires Wires => this;

    /// <summary>Its interface, which a test can change.</summary>
    public MemoryLink Link { get; } = new();

    /// <inheritdoc/>
    public int Mtu => 1500;

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor() => Link;

    /// <inheritdoc/>
    public IDatagramSender OpenPeerSender(int lane)
    {
        MemoryNetwork.Place place = Peers(lane);
        return new Sender(datagram => network.Send(this, place, datagram));
    }

    /// <inheritdoc/>
    public IDatagramReceiver OpenPeerReceiver(int lane) => network.Listen(
        this, Peers(lane), options.SocketBufferSize > 0 ? options.SocketBufferSize : FlowConstants.PeerReceiveBuffer);

    /// <inheritdoc/>
    public IDatagramReceiver OpenStrayReceiver() => network.Listen(this, Peers(options.SyncPorts), DefaultBuffer);

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => network.Listen(this, Feed(lane), FlowConstants.FeedReceiveBuffer);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => new Injector(network, this, Inject(lane));

    /// <inheritdoc/>
    public IDatagramSender OpenKernelMaster(int lane)
    {
        MemoryNetwork.Place place = Feed(lane);
        return new Sender(datagram => network.SendWithin(this, place, datagram));
    }

    /// <inheritdoc/>
    public IDatagramReceiver OpenKernelBackup(int lane) => network.Listen(this, Inject(lane), DefaultBuffer);

    private MemoryNetwork.Place Peers(int lane) => Place(Endpoints.Peers(options, lane));

    private MemoryNetwork.Place Feed(int lane) => Place(Endpoints.Feed(options.Kernel, lane));

    private MemoryNetwork.Place Inject(int lane) => Place(Endpoints.Inject(options.Kernel, lane));

    private static MemoryNetwork.Place Place(MulticastEndpoint endpoint) => new(endpoint.Group, endpoint.Port);

    private sealed class Sender(Action<ReadOnlySpan<byte>> send) : IDatagramSender
    {
        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            foreach (DatagramBuffer datagram in datagrams)
                send(datagram.Content);
            return new SendOutcome(datagrams.Length, 0);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Injector(MemoryNetwork network, MemoryHost host, MemoryNetwork.Place place) : IInjectorWire
    {
        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            foreach (DatagramBuffer datagram in datagrams)
                network.SendWithin(host, place, datagram.Content);
            return new SendOutcome(datagrams.Length, 0);
        }

        public UdpQueue? ReadQueue() => network.Find(host, place)?.Queue;

        public void Dispose()
        {
        }
    }
}
