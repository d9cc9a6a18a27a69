using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class SyncNetworkTests : IDisposable
{
    private static readonly LinkState s_cut = MemoryLink.Up with { HasCarrier = false };

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryNetwork _network;
    private readonly List<(LinkCondition Before, LinkCondition Now)> _told = [];
    private readonly Interruption _log = new();
    private MemoryHost? _host;
    private SyncNetwork? _links;

    public SyncNetworkTests() => _network = new MemoryNetwork(_time);

    public void Dispose()
    {
        _links?.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Changed_InterfacesComeBackTogether_IsRaisedOnce()
    {
        Open("lo", "lo2");
        Become(0, s_cut);
        Become(1, s_cut);
        // The second one is up, and said so, before anybody has heard of the first.
        _log.Next = () => Become(1, MemoryLink.Up);
        Become(0, MemoryLink.Up);

        Assert.Equal([(LinkCondition.Up, LinkCondition.NoCarrier), (LinkCondition.NoCarrier, LinkCondition.Up)], _told);
    }

    [Fact]
    public void Changed_InterfacesGoTogether_EndsWithTheWorst()
    {
        Open("lo", "lo2");
        _log.Next = () => Become(1, s_cut);
        Become(0, s_cut);

        Assert.Equal((LinkCondition.Up, LinkCondition.NoCarrier), _told[0]);
        Assert.All(_told, change => Assert.Equal(LinkCondition.NoCarrier, change.Now));
    }

    [Fact]
    public void Changed_OneOfTwoGoesAndComes_IsNotRaised()
    {
        Open("lo", "lo2");
        Become(1, null);
        Become(1, MemoryLink.Up);

        Assert.Empty(_told);
    }

    [Fact]
    public void Changed_TheOnlyOneIsMadeAgain_IsRaised()
    {
        Open("lo");
        Become(0, MemoryLink.Up with { Index = 2 });

        Assert.Equal([(LinkCondition.Up, LinkCondition.Up)], _told);
    }

    /// <summary>An interface that comes after the start may be the one in whose network a peer is.</summary>
    [Fact]
    public void Send_InterfaceOfAPeerComesLater_IsTaken()
    {
        SyncOptions options = new()
        {
            Interface = ["eth1", "eth2"], WaitForInterface = true, Group = null,
            Peers = [new PeerAddress(IPAddress.Parse("10.9.1.2"), 0), new PeerAddress(IPAddress.Parse("10.9.2.2"), 0)],
        };
        _host = _network.AddHost(options, "10.9.1.1");
        _host.Links[1].Become(null);
        Dictionary<string, IReadOnlyList<IPNetwork>> networks = new() { ["eth1"] = [IPNetwork.Parse("10.9.1.0/24")], ["eth2"] = [] };
        var sockets = new LateSockets(_host, () => SyncPaths.Of(options, name => networks[name]));
        _links = new SyncNetwork(options, sockets, _time, _log);
        _links.Begin();
        var wires = new FollowingWires(sockets, _links, _time, _log);
        using IDatagramSender sender = wires.OpenPeerSender(lane: 0);
        sender.Send([new DatagramBuffer(8)]);

        networks["eth2"] = [IPNetwork.Parse("10.9.2.0/24")];
        Become(1, MemoryLink.Up);
        for (int second = 0; second < 10; second++)
        {
            sender.Send([new DatagramBuffer(8)]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(("eth1", "eth2"), (sockets.LastOf("10.9.1.2"), sockets.LastOf("10.9.2.2")));
        Assert.Equal([0, 1], wires.Paths.Select(path => path.Link));
    }

    private void Open(params string[] interfaces)
    {
        SyncOptions options = new() { Interface = [.. interfaces], Kernel = new KernelOptions { Mode = KernelMode.None } };
        _host = _network.AddHost(options, "192.0.2.1");
        _links = new SyncNetwork(options, _host, _time, _log);
        _links.Changed += (before, now) => _told.Add((before, now));
        _links.Begin();
    }

    private void Become(int link, LinkState? state)
    {
        _host!.Links[link].Become(state);
        _links!.Links[link].Update();
    }

    /// <summary>A log that does something when the next line comes: an interface says that it has changed between its change and the notice.</summary>
    private sealed class Interruption : ILogger
    {
        public Action? Next { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Action? next = Next;
            Next = null;
            next?.Invoke();
        }
    }

    /// <summary>The sockets of a host whose ways are the test's.</summary>
    private sealed class LateSockets(MemoryHost host, Func<IReadOnlyList<SyncPath>> paths) : ISockets
    {
        private readonly List<SyncPath> _opened = [];

        public IReadOnlyList<SyncPath> Paths => paths();

        /// <summary>The interface of the socket that was opened last for a peer.</summary>
        public string LastOf(string peer) => _opened.Last(path => path.Peer!.Address.ToString() == peer).Interface;

        public ILinkMonitor OpenLinkMonitor(string name) => host.OpenLinkMonitor(name);

        public IPathSender OpenSender(int lane, SyncPath path)
        {
            _opened.Add(path);
            return host.OpenSender(lane, path);
        }

        public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup) => host.OpenReceiver(lane, name, isGroup);

        public IDatagramReceiver OpenFeed(int lane) => host.OpenFeed(lane);

        public IInjectorWire OpenInjector(int lane) => host.OpenInjector(lane);
    }
}
