using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>Connections whose real server goes, comes back, or is another one, as the kernel's settings say; time is the test's.</summary>
public sealed class LostServerTests
{
    private static readonly ExpiryRules _dropping = new(DropsWithServer: true, DropsQuiescedTemplates: true);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("injected");
    private readonly DestinationCache _destinations = new();
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[64];
    private readonly LaneQueue _queue;
    private readonly Outlet _toKernel;
    private readonly ConnectionTable _table;
    private ExpiryRules _rules = _dropping;

    public LostServerTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, Limit: 4, FlushIntervalMs: 0, Coalesces: false), _counters, _time);
        _toKernel = new Outlet(new Lanes([_queue]), new RefreshSettings(5000, 0), _counters);
        Outlet toPeers = new(lanes: null, new RefreshSettings(5000, 0), new StageCounters("sent"));
        _table = new ConnectionTable(_time, new TableOutlets(toPeers, _toKernel, _destinations));
        Configure(11, 12);
    }

    public static TheoryData<string> Kinds { get; } = ["tcp", "udp", "sctp", "ipv6", "mark", "template", "template of a mark"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sweep_ServerGoesAndItsConnectionsWithIt_TheyNeverComeBack(string kind)
    {
        foreach (Origin origin in Enum.GetValues<Origin>())
        {
            _table.Apply(Of(kind, server: 11), origin);
            Injected();
            Configure(12);
            Sweep();
            Assert.Equal((0, 0), (_table.Count, _table.Unbound));
            Configure(11, 12);
            Sweep();
            Assert.Empty(Injected());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Apply_PeerStillTellsOfAServerThatHasGone_IsNotTakenUntilItIsBack(string kind)
    {
        _table.Apply(Of(kind, server: 11), Origin.Peer);
        Configure(12);
        Sweep();
        Assert.Equal(ApplyOutcome.ServerGone, _table.Apply(Of(kind, server: 11), Origin.Peer));
        Assert.Equal((0, 0), (_table.Count, _table.Unbound));
        Configure(11, 12);
        Assert.Equal(ApplyOutcome.Created, _table.Apply(Of(kind, server: 11), Origin.Peer));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sweep_ServiceIsDeletedAndMadeAgainBeforeTheSweep_ItsConnectionsAreGone(string kind)
    {
        _table.Apply(Of(kind, server: 11), Origin.Peer);
        Injected();
        Configure();
        Configure(11, 12);
        Sweep();
        Assert.Equal(0, _table.Count);
        Assert.Empty(Injected());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sweep_ServerGoesWhereTheKernelKeepsItsConnections_TheyWaitForIt(string kind)
    {
        _rules = ExpiryRules.Default;
        Configure(11, 12);
        _table.Apply(Of(kind, server: 11), Origin.Peer);
        Injected();
        Configure(12);
        Sweep();
        Assert.Equal((1, 1), (_table.Count, _table.Unbound));
        Configure(11, 12);
        Sweep();
        Assert.Single(Injected());
    }

    /// <summary>The kernel keeps a connection that never had its server here, and the peer that carries it may well have the server.</summary>
    [Fact]
    public void Sweep_ServerThatWasNeverHere_IsWaitedFor()
    {
        _table.Apply(Of("tcp", server: 13), Origin.Peer);
        Injected();
        Configure(12);
        Sweep();
        Assert.Equal((1, 1), (_table.Count, _table.Unbound));
        Configure(12, 13);
        Sweep();
        Assert.Single(Injected());
    }

    [Fact]
    public void Sweep_AnotherServerGoes_LeavesTheRest()
    {
        _table.Apply(Of("tcp", server: 12), Origin.Peer);
        _table.Apply(Of("udp", server: 12), Origin.Local);
        Configure(12);
        Sweep();
        Assert.Equal((2, 0), (_table.Count, _table.Unbound));
    }

    /// <summary>The kernel ignores INACTIVE with another real server, unless its own record gives way first.</summary>
    [Fact]
    public void Apply_FlowOfUdpMoves_KernelGivesUpTheOldOne()
    {
        _table.Apply(Of("udp", server: 11), Origin.Peer);
        Injected();
        ConnectionEntry moved = Of("udp", server: 12);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(moved, Origin.Peer));
        Assert.Equal([(moved.Real, false), (moved.Real, true)], Injected().Select(entry => (entry.Real, entry.Flags.HasFlag(IP_VS_CONN_F_INACTIVE))));
        Assert.Equal(moved.Real, Assert.Single(_table.ToList()).Entry.Real);
    }

    /// <summary>What is lost may be the message that makes room: alone, the entry with INACTIVE would be ignored for good.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sweep_MessagesOfAMovedFlowAreLost_KernelGivesUpTheOldOneAgain(bool isFoundByRecord)
    {
        _table.Apply(Of("udp", server: 11), Origin.Peer);
        Injected();
        Wait(1);
        long sinceMs = _table.NowMs;
        ConnectionEntry moved = Of("udp", server: 12);
        _table.Apply(moved, Origin.Peer);
        Injected();
        Wait(1);
        if (isFoundByRecord)
            _queue.Lose(sinceMs);
        else
            _queue.LoseUnseen(sinceMs);
        Sweep();
        Assert.Equal([(moved.Real, false), (moved.Real, true)], Injected().Select(entry => (entry.Real, entry.Flags.HasFlag(IP_VS_CONN_F_INACTIVE))));
        Sweep();
        Assert.Empty(Injected());
    }

    [Fact]
    public void Apply_TcpMoves_IsToldOnce()
    {
        _table.Apply(Of("tcp", server: 11), Origin.Peer);
        Injected();
        _table.Apply(Of("tcp", server: 12), Origin.Peer);
        Assert.Single(Injected());
    }

    /// <summary>A kernel's template never changes its server: the old one ends in a second, and then the new one is told.</summary>
    [Theory]
    [InlineData("template", true)]
    [InlineData("template", false)]
    [InlineData("template of a mark", true)]
    public void Apply_TemplateOfAServerThatIsNotUsedAnyMore_GivesWay(string kind, bool isQuiesced)
    {
        _rules = _dropping with { DropsWithServer = false };
        Configure(11, 12);
        _table.Apply(Of(kind, server: 11), Origin.Peer);
        Injected();
        Configure(isQuiesced ? [-11, 12] : [12]);
        Sweep();
        Injected();
        ConnectionEntry successor = Of(kind, server: 12);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(successor, Origin.Peer));
        Assert.Equal((0, successor.Real), (_table.Unbound, Assert.Single(_table.ToList()).Entry.Real));
        ConnectionEntry ending = Assert.Single(Injected());
        Assert.Equal((Of(kind, server: 11).Real, 1u), (ending.Real, ending.Timeout));
        // News of the successor would only restart the timer of the one before it.
        _table.Apply(successor with { State = ConnectionState.IP_VS_CTPL_S_ASSURED }, Origin.Peer);
        Sweep();
        Assert.Empty(Injected());
        Wait(5);
        Sweep();
        ConnectionEntry told = Assert.Single(Injected());
        Assert.Equal((successor.Real, successor.Timeout, ConnectionState.IP_VS_CTPL_S_ASSURED), (told.Real, told.Timeout, told.State));
        _table.Apply(told with { Timeout = 300 }, Origin.Peer);
        Assert.Single(Injected());
    }

    /// <summary>The successor's real server is new, and its peer tells of the template before this director has read of the server.</summary>
    [Fact]
    public void Sweep_ServerOfASuccessorIsFound_TheSuccessorStillWaitsForTheOneBeforeIt()
    {
        _rules = _dropping with { DropsWithServer = false };
        Configure(-11);
        _table.Apply(Of("template", server: 11), Origin.Peer);
        Injected();
        ConnectionEntry successor = Of("template", server: 12);
        _table.Apply(successor, Origin.Peer);
        Assert.Equal(1u, Assert.Single(Injected()).Timeout);
        Assert.Equal(1, _table.Unbound);
        Configure(-11, 12);
        Sweep();
        Assert.Equal(0, _table.Unbound);
        Assert.Empty(Injected());
        Wait(5);
        Sweep();
        ConnectionEntry told = Assert.Single(Injected());
        Assert.Equal((successor.Real, successor.Timeout), (told.Real, told.Timeout));
    }

    /// <summary>What may have been lost meanwhile is the message that ends the one before it: that is told again, and the successor waits anew.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sweep_MessagesAreLost_TheOneBeforeIsEndedAgainAndTheSuccessorWaits(bool isFoundByRecord)
    {
        _rules = _dropping with { DropsWithServer = false };
        Configure(-11, 12);
        _table.Apply(Of("template", server: 11), Origin.Peer);
        Injected();
        Wait(1);
        long sinceMs = _table.NowMs;
        _table.Apply(Of("template", server: 12), Origin.Peer);
        Injected();
        Wait(3);
        if (isFoundByRecord)
            _queue.Lose(sinceMs);
        else
            _queue.LoseUnseen(sinceMs);
        Sweep();
        Assert.Equal(1u, Assert.Single(Injected()).Timeout);
        Wait(2);
        Sweep();
        Assert.Empty(Injected());
        Sweep();
        ConnectionEntry told = Assert.Single(Injected());
        Assert.Equal((Of("template", server: 12).Real, 360u), (told.Real, told.Timeout));
    }

    /// <summary>The kernel has not heard of the end of the one before it: that is told first when the outlet opens.</summary>
    [Fact]
    public void Sweep_OutletOpensAfterATemplateMoved_TheOneBeforeIsEndedFirst()
    {
        _rules = _dropping with { DropsWithServer = false };
        Configure(-11, 12);
        _table.Apply(Of("template", server: 11), Origin.Peer);
        Injected();
        Wait(2);
        _toKernel.Close();
        long sinceMs = _table.NowMs;
        _table.Apply(Of("template", server: 12), Origin.Peer);
        Wait(5);
        Sweep();
        _toKernel.Open(new Lanes([_queue]), sinceMs);
        Sweep();
        ConnectionEntry ending = Assert.Single(Injected());
        Assert.Equal((Of("template", server: 12).Real, 1u), (ending.Real, ending.Timeout));
        Sweep();
        Sweep();
        Sweep();
        ConnectionEntry told = Assert.Single(Injected());
        Assert.Equal((Of("template", server: 12).Real, 360u), (told.Real, told.Timeout));
    }

    [Fact]
    public void Apply_TemplateOfAServerThatIsUsed_KeepsIt()
    {
        _table.Apply(Of("template", server: 11), Origin.Peer);
        _table.Apply(Of("template", server: 12), Origin.Peer);
        Assert.Equal(Of("template", server: 11).Real, Assert.Single(_table.ToList()).Entry.Real);
    }

    private static ConnectionEntry Of(string kind, int server)
    {
        ConnectionEntry entry = Entries.Tcp(1) with { Real = Server(IpFamily.IPv4, server), RealPort = 80, Flags = IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT };
        ConnectionKey key = entry.Key;
        return kind switch
        {
            "udp" => entry with { Key = key with { Protocol = IpProtocol.Udp }, State = 0, Flags = entry.Flags | IP_VS_CONN_F_INACTIVE },
            "sctp" => entry with { Key = key with { Protocol = IpProtocol.Sctp }, State = ConnectionState.IP_VS_SCTP_S_ESTABLISHED },
            "ipv6" => entry with
            {
                Key = key with { Family = IpFamily.IPv6, Client = Address.From(IPAddress.Parse("2001:db8::7")), Virtual = Address.From(IPAddress.Parse("2001:db8:1::10")) },
                Real = Server(IpFamily.IPv6, server),
            },
            "mark" => entry with { Key = key with { Virtual = Address.FromIPv4(0xCB007163) }, Fwmark = 7 },
            "template" => Template(entry with { Key = key with { ClientPort = 0, IsTemplate = true } }),
            "template of a mark" => Template(entry with
            {
                Key = key with { ClientPort = 0, IsTemplate = true, Protocol = IpProtocol.Ip, Virtual = Address.FromIPv4(7), VirtualPort = 0 }, Fwmark = 7, RealPort = 0,
            }),
            _ => entry,
        };
    }

    private static ConnectionEntry Template(in ConnectionEntry entry)
        => entry with { State = 0, Timeout = 360, Flags = entry.Flags | IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE };

    private static Address Server(IpFamily family, int number)
        => Address.From(IPAddress.Parse(family == IpFamily.IPv6 ? $"2001:db8:2::{number}" : $"10.0.0.{number}"));

    private static IpvsDestination Destination(IpFamily family, int number, ushort port) => new()
    {
        Address = IPAddress.Parse(Server(family, Math.Abs(number)).ToString(family)), Port = port, ForwardingMethod = 3, Weight = number < 0 ? 0 : 1,
    };

    /// <summary>Has services of every kind with these servers, or none; those with a negative number have weight 0. What is missing twice is gone.</summary>
    private void Configure(params int[] servers)
    {
        ConnectionKey key = Entries.Tcp(1).Key;
        ServiceName tcp = new(IpFamily.IPv4, 0, IpProtocol.Tcp, key.Virtual, 80);
        ServiceName[] names =
        [
            tcp, tcp with { Protocol = IpProtocol.Udp }, tcp with { Protocol = IpProtocol.Sctp }, new(IpFamily.IPv4, 7, 0, default, 0),
            tcp with { Family = IpFamily.IPv6, Address = Of("ipv6", 11).Key.Virtual },
        ];
        DestinationSnapshot snapshot = new(servers.Length == 0 ? [] : names.Select(name => (name, ServersOf(name, servers))));
        for (int reading = 0; reading < 2; reading++)
            _destinations.Update(snapshot, KernelTimeouts.Default, _rules);
        _table.Rebind();
    }

    private static IReadOnlyList<IpvsDestination> ServersOf(ServiceName name, int[] servers)
        => [.. servers.Select(number => Destination(name.Family, number, name.Fwmark != 0 ? (ushort)0 : (ushort)80))];

    private void Sweep()
    {
        _table.Sweep();
        Wait(2); // what is no news waits so long for company
    }

    private void Wait(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private List<ConnectionEntry> Injected()
    {
        List<ConnectionEntry> entries = [];
        int count = _queue.TakeDue(_taken, out _);
        foreach (DatagramBuffer message in _taken.AsSpan(0, count))
            entries.AddRange(Messages.Read(message.Content));
        _queue.Return(_taken.AsSpan(0, count));
        return entries;
    }
}
