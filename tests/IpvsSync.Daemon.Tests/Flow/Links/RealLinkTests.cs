using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Tests.Tun;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow.Links;

/// <summary>A real veth pair in a namespace of its own, whose ends are both there: one is ours, the other the peer's.</summary>
[Collection(Alone.Name)]
public sealed class RealLinkTests
{
    private const string PrepareIPv4 = "/proc/sys/net/ipv4/conf/all/";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receiver_InterfaceIsMadeAgain_HearsOnTheNewOne(bool v6) => PrivateNetwork.Run(() =>
    {
        Prepare();
        using var bed = new Bed(Options("ours", v6));
        using var ear = new Ear(bed.Wires.OpenPeerReceivers(0)[0].Socket);
        AwaitHeard(ear, 1, v6);

        IpCommand.Run("link del ours");
        Until.True(() => bed.Link.Now.Condition == LinkCondition.Absent);
        MakePair();
        AwaitHeard(ear, 2, v6);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sender_InterfaceIsMadeAgain_SendsOnTheNewOne(bool v6) => PrivateNetwork.Run(() =>
    {
        Prepare();
        using var bed = new Bed(Options("ours", v6));
        using IDatagramSender sender = bed.Wires.OpenPeerSender(0);
        IpCommand.Run("link del ours");
        Until.True(() => bed.Link.Now.Condition == LinkCondition.Absent);
        Assert.Equal(new SendOutcome(0, 1), Send(sender, 1));

        MakePair();
        using var ear = new Ear(MulticastReceiver.Open(Endpoints.Group(Options("theirs", v6), lane: 0, "theirs")));
        AwaitHeard(ear, sender, 2);
    });

    [Fact]
    public void Sender_AddressChanges_SendsFromTheNewOne() => PrivateNetwork.Run(() =>
    {
        Prepare();
        using var bed = new Bed(Options("ours", v6: false));
        using IDatagramSender sender = bed.Wires.OpenPeerSender(0);
        using UdpReceiver receiver = MulticastReceiver.Open(Endpoints.Group(Options("theirs", v6: false), lane: 0, "theirs"));
        IpCommand.Run("addr del 192.0.2.1/24 dev ours\naddr add 192.0.2.11/24 dev ours");
        var wanted = SourceAddress.From(IPAddress.Parse("192.0.2.11"));
        Until.True(() => bed.Link.Now.State?.Source == wanted);
        Assert.Equal(new SendOutcome(1, 0), Send(sender, 1));

        DatagramBuffer[] buffers = [new(2000)];
        Assert.Equal(1, receiver.Receive(buffers));
        Assert.Equal(wanted, buffers[0].Source);
    });

    /// <summary>The kernel drops what seems to come from an own address, unless told otherwise; and IPv6 addresses are good at once.</summary>
    private static void Prepare()
    {
        File.WriteAllText(PrepareIPv4 + "accept_local", "1");
        File.WriteAllText(PrepareIPv4 + "rp_filter", "0");
        File.WriteAllText("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
        File.WriteAllText("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
        MakePair();
    }

    private static void MakePair() => IpCommand.Run("""
        link add ours type veth peer name theirs
        addr add 192.0.2.1/24 dev ours
        addr add 192.0.2.2/24 dev theirs
        link set theirs up
        link set ours up
        """);

    private static SyncOptions Options(string name, bool v6)
        => new() { Interface = name, Group = v6 ? IPAddress.Parse("ff02::4d58") : IPAddress.Parse("239.255.77.88"), SyncPorts = 1 };

    /// <summary>The peer repeats a connection until it is heard.</summary>
    private static void AwaitHeard(Ear ear, int number, bool v6)
    {
        using IDatagramSender peer = OpenPeer(v6);
        AwaitHeard(ear, peer, number);
    }

    private static void AwaitHeard(Ear ear, IDatagramSender sender, int number) => Until.True(() =>
    {
        Send(sender, number);
        return ear.Heard.Contains(number);
    });

    private static SendOutcome Send(IDatagramSender sender, int number)
    {
        var message = new DatagramBuffer(100);
        var writer = MessageWriter.Start(message.Space, SyncVersion.V1, 0);
        Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(number)));
        message.Length = writer.Length;
        return sender.Send([message]);
    }

    /// <summary>An IPv6 address appears a moment after its interface has come up.</summary>
    private static UdpSender OpenPeer(bool v6)
    {
        UdpSender? sender = null;
        Until.True(() => (sender = TryOpen()) is not null);
        return sender!;

        UdpSender? TryOpen()
        {
            try
            {
                return MulticastSender.Open(Endpoints.Group(Options("theirs", v6), lane: 0, "theirs"));
            }
            catch (KernelException)
            {
                return null;
            }
        }
    }

    private sealed class Bed : IDisposable
    {
        private readonly Thread _watcher;
        private readonly SyncNetwork _network;

        public Bed(SyncOptions options)
        {
            UdpSockets udp = new(options);
            _network = new SyncNetwork(options, udp, TimeProvider.System, NullLogger.Instance);
            Wires = new FollowingWires(udp, _network, TimeProvider.System, NullLogger.Instance);
            _network.Begin();
            _watcher = new Thread(Link.Run);
            _watcher.Start();
            Until.True(() => Link.Now.Condition == LinkCondition.Up);
        }

        public SyncLink Link => _network.Links[0];

        public FollowingWires Wires { get; }

        public void Dispose()
        {
            _network.Stop();
            _watcher.Join();
            _network.Dispose();
        }
    }
}
