using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>One director's wires in a <see cref="MemoryNetwork"/>, and its kernel's side of them.</summary>
/// <param name="network">The network.</param>
/// <param name="options">The director's.</param>
/// <param name="address">The source address of what it sends on its first interface; see <see cref="On"/>.</param>
internal sealed class MemoryHost(MemoryNetwork network, SyncOptions options, SourceAddress address) : ITestHost, ISockets
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
    public ISockets Wires => this;

    /// <summary>Its interfaces, which a test can change.</summary>
    public IReadOnlyList<MemoryLink> Links { get; } = [.. options.Interface.Select(_ => new MemoryLink())];

    /// <summary>Its first interface.</summary>
    public MemoryLink Link => Links[0];

    /// <inheritdoc/>
    /// <remarks>The peers of each interface's network (see <see cref="On"/>) are reached over it.</remarks>
    public IReadOnlyList<SyncPath> Paths { get; } = SyncPaths.Of(
        options, name => [new IPNetwork(new IPAddress([192, (byte)options.Interface.ToList().IndexOf(name), 2, 0]), 24)]);

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor(string name) => Links[options.Interface.ToList().IndexOf(name)];

    /// <inheritdoc/>
    public IPathSender OpenSender(int lane, SyncPath path)
    {
        MemoryNetwork.Place place = path.Peer is { } peer
            ? new MemoryNetwork.Place(peer.Address, (peer.Port == 0 ? options.Port : peer.Port) + lane, path.Link)
            : new MemoryNetwork.Place(options.Group!, options.Port + lane, path.Link);
        return new Sender(datagram => network.Send(this, place, datagram));
    }

    /// <inheritdoc/>
    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup)
    {
        int link = options.Interface.ToList().IndexOf(name);
        IPAddress heard = isGroup ? options.Group! : IPAddress.Parse(On(link).ToString());
        int capacity = lane == options.SyncPorts ? DefaultBuffer : options.SocketBufferSize > 0 ? options.SocketBufferSize : FlowConstants.PeerReceiveBuffer;
        return network.Listen(this, new MemoryNetwork.Place(heard, options.Port + lane, link), capacity);
    }

    /// <summary>Sends to the group on the first interface.</summary>
    public IDatagramSender OpenPeerSender(int lane) => OpenSender(lane, Paths[0]);

    /// <summary>Hears the group on the first interface.</summary>
    public IDatagramReceiver OpenPeerReceiver(int lane) => OpenReceiver(lane, options.Interface[0], isGroup: true);

    /// <summary>What a pipeline opens its sockets with.</summary>
    public FollowingWires Follow()
    {
        SyncNetwork wires = new(options, this, TimeProvider.System, NullLogger.Instance);
        wires.Begin();
        return new FollowingWires(this, wires, TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>Its address on one of its interfaces: 192.0.2.7 on the first, 192.1.2.7 on the second.</summary>
    public SourceAddress On(int link) => address with { Number = address.Number + ((UInt128)link << 16) };

    /// <summary>What a BPF program in its kernel would tell; null: it has none.</summary>
    public IFeedRing? Ring { get; set; }

    /// <inheritdoc/>
    public IFeedRing? OpenRing(out FeedRefusal? refusal)
    {
        refusal = Ring is null ? new FeedRefusal(FeedRefusalKind.Unsupported, "no program in memory") : null;
        return Ring;
    }

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

    private MemoryNetwork.Place Feed(int lane) => Place(Endpoints.Feed(options.Kernel, lane));

    private MemoryNetwork.Place Inject(int lane) => Place(Endpoints.Inject(options.Kernel, lane));

    private static MemoryNetwork.Place Place(MulticastEndpoint endpoint) => new(endpoint.Group, endpoint.Port, Link: 0);

    private sealed class Sender(Action<ReadOnlySpan<byte>> send) : IPathSender
    {
        public int Refusal => 0;

        public long Rejections => 0;

        public int? PathMtu => null;

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
