using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What of the peers' connections is led to the kernel, and when again; time is the test's.</summary>
public sealed class KernelOutletTests
{
    private static readonly ConnectionEntry _closing = Entries.Tcp(1, state: 5, timeout: 120) with { Flags = IP_VS_CONN_F_INACTIVE };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("injected");
    private readonly DestinationCache _destinations = new();
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[64];
    private readonly LaneQueue _queue;
    private readonly ConnectionTable _table;

    public KernelOutletTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, Limit: 4, FlushIntervalMs: 0), _counters, _time);
        _table = new ConnectionTable(_time, new TableOutlets(toKernel: new Outlet(new Lanes([_queue]), new RefreshSettings(5000, 0), _counters), destinations: _destinations));
        Configure(0);
    }

    [Fact]
    public void Apply_WhatTheKernelKnowsAndWhoseTimerIsFresh_IsNotInjectedAgainBefore5Seconds()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Equal([Entries.Tcp(1)], Injected());
        Wait(3);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Empty(Injected());
        Wait(2);
        _table.Sweep();
        Wait(2);
        Assert.Equal([Entries.Tcp(1) with { Timeout = 898 }], Injected());
        Wait(60);
        _table.Sweep();
        Assert.Empty(Injected());
    }

    [Fact]
    public void Apply_OlderEntry_NeverReachesTheKernelAndStartsNoTimer()
    {
        _table.Apply(_closing, Origin.Peer);
        Injected();
        _time.Advance(TimeSpan.FromMilliseconds(BackupRules.OvertakenWithinMs - 1));
        Assert.Equal(ApplyOutcome.Older, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Empty(Injected());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Equal([Entries.Tcp(1)], Injected());
    }

    /// <summary>Two lives of the same ends within a moment, and a third: the last one stays.</summary>
    [Fact]
    public void Sweep_PortUsedAgainAtOnce_ReachesTheKernelSoonThough()
    {
        ConnectionEntry reset = _closing with { State = ConnectionState.IP_VS_TCP_S_CLOSE, Timeout = 10 };
        foreach (ConnectionEntry entry in (ConnectionEntry[])[Entries.Tcp(1), reset, Entries.Tcp(1), reset with { Timeout = 11 }, Entries.Tcp(1)])
            _table.Apply(entry, Origin.Peer);
        Injected();
        Wait(2);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Injected());
    }

    [Fact]
    public void Apply_PortUsedAgainASecondLater_ReachesTheKernelAtOnce()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(_closing, Origin.Peer);
        Injected();
        Wait(1);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Equal([Entries.Tcp(1)], Injected());
    }

    /// <summary>The life that ended may have been told of by its end alone, as where a sender leaves out what is over.</summary>
    [Fact]
    public void Sweep_ContestedOnALinkThatKeepsTheOrder_IsANewLifeTwoSecondsAfterTheEnd()
    {
        _table.Apply(_closing, Origin.Peer);
        Injected();
        Assert.Equal(ApplyOutcome.Older, _table.Apply(Entries.Tcp(1), Origin.Peer));
        _time.Advance(TimeSpan.FromMilliseconds(BackupRules.SettledAfterMs - 1));
        _table.Sweep();
        Assert.Empty(Injected());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Injected());
        Assert.Equal(1, _table.ToList().Single().Entry.State);
        Wait(900);
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void Sweep_ContestedAndEndedSince_StaysEnded()
    {
        _table.Apply(_closing with { State = ConnectionState.IP_VS_TCP_S_FIN_WAIT }, Origin.Peer);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(_closing, Origin.Peer);
        Wait(3);
        _table.Sweep();
        Assert.Equal(_closing.State, Assert.Single(_table.ToList()).Entry.State);
    }

    [Fact]
    public void Sweep_ContestedAndEndedOnceMoreTheSameWay_StaysEnded()
    {
        _table.Apply(_closing, Origin.Peer);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(_closing, Origin.Peer);
        Wait(3);
        _table.Sweep();
        Assert.Equal(_closing.State, Assert.Single(_table.ToList()).Entry.State);
    }

    /// <summary>Where later ends arrive before earlier ones, an open state after the end is an old message for 10 s, doubled ones included.</summary>
    [Fact]
    public void Apply_MessagesThatOvertakeEachOther_MoveNothingBackFor10Seconds()
    {
        _table.Apply(Ended(8), Origin.Peer);
        _table.Apply(Entries.Tcp(8), Origin.Peer);
        for (int number = 1; number <= LinkDisorder.Least; number++)
            Overtake(number);
        _table.Apply(Entries.Tcp(9), Origin.Peer);
        _table.Apply(Ended(9), Origin.Peer);
        Wait(9);
        _table.Sweep();
        Assert.Equal(ApplyOutcome.Older, _table.Apply(Entries.Tcp(9), Origin.Peer));
        Assert.DoesNotContain(_table.ToList(), record => record.Entry.State == ConnectionState.IP_VS_TCP_S_ESTABLISHED);
        Wait(60);
        _table.Apply(Entries.Tcp(10), Origin.Peer);
        _table.Apply(Ended(10), Origin.Peer);
        Wait(1);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(10), Origin.Peer));
    }

    [Fact]
    public void Apply_OneMessageThatWasOvertaken_DoesNotMakeALinkThatReorders()
    {
        Overtake(1);
        _table.Apply(Entries.Tcp(2), Origin.Peer);
        _table.Apply(Ended(2), Origin.Peer);
        Wait(1);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(2), Origin.Peer));
    }

    [Fact]
    public void Apply_LateNoticeOfAReplacedConnection_IsOlder()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Equal(ApplyOutcome.Older, _table.Apply(_closing with { RealPort = 9090 }, Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1) with { RealPort = 9090 }, Origin.Peer));
        Assert.Equal([Entries.Tcp(1) with { RealPort = 9090 }], Injected());
    }

    [Fact]
    public void Apply_NoClientPort_IsRefusedUnlessItSaysWhy()
    {
        ConnectionEntry entry = Data(Entries.Tcp(1));
        ConnectionEntry nameless = entry with { Key = entry.Key with { ClientPort = 0 } };
        Assert.Equal(ApplyOutcome.Refused, _table.Apply(nameless, Origin.Peer));
        Assert.Equal(ApplyOutcome.Created, _table.Apply(nameless with { Flags = IP_VS_CONN_F_NO_CPORT }, Origin.Peer));
        Injected();

        // One with a port updates it, and it keeps its port 0 (spec §6.1).
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Data(_closing), Origin.Peer));
        Assert.Equal(1, _table.Count);
        ConnectionEntry injected = Assert.Single(Injected());
        Assert.Equal((0, _closing.State, IP_VS_CONN_F_NO_CPORT | IP_VS_CONN_F_INACTIVE), (injected.Key.ClientPort, injected.State, injected.Flags & ~IP_VS_CONN_F_SYNC));

        Wait(121);
        _table.Sweep();
        Assert.Equal(ApplyOutcome.Created, _table.Apply(entry, Origin.Peer));
        Assert.Equal(entry.Key, Assert.Single(_table.ToList()).Entry.Key);
    }

    [Fact]
    public void Apply_BoundHere_HasTheRealServersMethod()
    {
        Configure(3);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Equal(IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT, Assert.Single(_table.ToList()).Entry.Flags);
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Entries.Tcp(1), Origin.Peer));
    }

    [Fact]
    public void Sweep_RealServerAppears_InjectsWhatWaitedForIt()
    {
        ConnectionEntry waiting = Entries.Tcp(1) with { RealPort = 9090 };
        _table.Apply(waiting, Origin.Peer);
        _table.Apply(Entries.Tcp(2), Origin.Peer);
        Assert.Equal(2, Injected().Count);
        Assert.Equal(1, _table.Unbound);
        Assert.Equal([(new MissingDestination("TCP 203.0.113.10:80", "10.0.0.11:9090"), 1)], _table.CountMissing(_destinations.Snapshot).Named);

        Wait(600);
        Configure(0, 8080, 9090);
        _table.Rebind();
        _table.Sweep();

        // At once, and for no longer than the peer keeps it.
        Assert.Equal([waiting with { Timeout = 300 }], Injected());
        Assert.Equal(0, _table.Unbound);
    }

    /// <summary>The kernel starts a template's timer anew with each connection, for as long as it was told; that of a connection follows its state.</summary>
    [Fact]
    public void Sweep_RealServerOfATemplateAppears_InjectsItWithItsWholeTimeout()
    {
        ConnectionEntry template = Entries.Tcp(1, state: ConnectionState.IP_VS_CTPL_S_ASSURED, timeout: 360) with { RealPort = 9090, Flags = IP_VS_CONN_F_TEMPLATE };
        template = template with { Key = template.Key with { ClientPort = 0, IsTemplate = true } };
        _table.Apply(template, Origin.Peer);
        Injected();
        Wait(300);
        Configure(0, 8080, 9090);
        _table.Rebind();
        _table.Sweep();

        Assert.Equal(360u, Assert.Single(Injected()).Timeout);
    }

    [Fact]
    public void Apply_Unbound_IsInjectedWithEveryMessageSinceTheKernelMayKnowMore()
    {
        ConnectionEntry waiting = Entries.Tcp(1) with { RealPort = 9090 };
        for (int i = 0; i < 3; i++)
        {
            _table.Apply(waiting, Origin.Peer);
            Assert.Equal([waiting], Injected());
        }

        Assert.True(_destinations.IsDue(1));
    }

    [Fact]
    public void Sweep_RealServerGoesAndComesBack_InjectsAgain()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Injected();
        Configure(0, 9090);
        _table.Rebind();
        _table.Sweep();
        Assert.Equal(1, _table.Unbound);
        Configure(0);
        _table.Rebind();
        _table.Sweep();
        Wait(2);
        Assert.Equal([Entries.Tcp(1)], Injected());
    }

    [Fact]
    public void Sweep_RealServerAppears_GivesItsMethod()
    {
        _table.Apply(Entries.Tcp(1) with { RealPort = 9090 }, Origin.Peer);
        Configure(3, 9090);
        _table.Rebind();
        _table.Sweep();
        Assert.Equal(IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT, Assert.Single(_table.ToList()).Entry.Flags);
    }

    [Fact]
    public void Apply_UnboundAndItsRealServerIsThereNow_IsBound()
    {
        _table.Apply(Entries.Tcp(1) with { RealPort = 9090 }, Origin.Peer);
        Configure(3, 9090);
        _table.Apply(_closing with { RealPort = 9090, Flags = 0 }, Origin.Peer);
        Assert.Equal(0, _table.Unbound);
        Assert.Equal(IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT, Assert.Single(_table.ToList()).Entry.Flags);
    }

    [Fact]
    public void Apply_OtherRealServer_IsLookedForAnew()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(1) with { RealPort = 9090 }, Origin.Peer);
        Assert.Equal(1, _table.Unbound);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Equal(0, _table.Unbound);
    }

    [Fact]
    public void Sweep_UnboundTimesOut_IsNoLongerMissing()
    {
        _table.Apply(Entries.Tcp(1, timeout: 10) with { RealPort = 9090 }, Origin.Peer);
        Wait(10);
        _table.Sweep();
        Assert.Equal((0, 0), (_table.Count, _table.Unbound));
    }

    [Fact]
    public void Sweep_LaneOverflowed_InjectsWhatWasLostUntilAllIsThere()
    {
        const int connections = 1000;
        HashSet<ConnectionKey> there = [];
        for (int i = 0; i < connections; i++)
            _table.Apply(Entries.Tcp(i), Origin.Peer);
        Assert.NotEqual(0, _counters.Lost);
        for (int second = 0; second < 60 && there.Count < connections; second++)
        {
            there.UnionWith(Injected().Select(entry => entry.Key));
            Wait(1);
            _table.Sweep();
        }

        Assert.Equal(connections, there.Count);
    }

    [Fact]
    public void Sweep_LaneOverflowed_LeavesAloneWhatWasToldBefore()
    {
        _table.Apply(Entries.Tcp(0), Origin.Peer);
        Assert.Single(Injected());
        Wait(10);
        for (int i = 1; i <= 1000; i++)
            _table.Apply(Entries.Tcp(i), Origin.Peer);
        Assert.NotEqual(0, _counters.Lost);
        for (int second = 0; second < 20; second++)
        {
            Assert.DoesNotContain(Entries.Tcp(0), Injected());
            Wait(1);
            _table.Sweep();
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 3)]
    public void CheckDrops_KernelDroppedWhatWasSentLast_InjectsItAgain(int looksBefore, int looksAfter)
    {
        long drops = 0;
        using var wire = new MemoryWire();
        var pacer = new InjectorPacer(() => new UdpQueue(0, 212992, drops), _ => { });
        using var socket = new PacedSender(wire, pacer, _queue, _counters, _time);
        pacer.Prime();
        var sender = new Sender(_queue, socket, _counters);
        Wait(7);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        sender.Step();
        // A kernel that is busy with others drops and counts it only after we have looked.
        for (int look = 0; look < looksBefore; look++)
            Check(socket);
        drops = 1;
        for (int look = 0; look < looksAfter; look++)
            Check(socket);
        Assert.Equal(1, _counters.Lost);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1) with { Timeout = 900 - (uint)(looksBefore + looksAfter) }], Injected());
    }

    [Fact]
    public void Send_KernelDropsWhatSomebodyElseSends_RepeatsOnlyWhatWasSentLately()
    {
        long drops = 0;
        using var wire = new MemoryWire();
        var pacer = new InjectorPacer(() => new UdpQueue(0, 212992, drops), _ => { });
        using var socket = new PacedSender(wire, pacer, _queue, _counters, _time);
        pacer.Prime();
        var sender = new Sender(_queue, socket, _counters);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        for (int i = 2; i < 10; i++)
        {
            sender.Step();
            Wait(1);
            _table.Apply(Entries.Tcp(i), Origin.Peer);
        }

        drops = 1;
        Check(socket);
        _table.Sweep();
        Wait(2);
        Assert.InRange(Injected().Count, 2, 5);
    }

    [Fact]
    public void Restore_KernelsOwnTable_IsKnownButNotInjectedAndGivesWayToNews()
    {
        Assert.True(_table.Restore(Entries.Tcp(1), Origin.Peer, leftMs: 7000));
        _table.Apply(_closing with { Key = Entries.Tcp(2).Key }, Origin.Peer);
        Assert.False(_table.Restore(Entries.Tcp(2), Origin.Peer, leftMs: 7000));
        Assert.Equal([_closing with { Key = Entries.Tcp(2).Key }], Injected());
        Wait(7);
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void Restore_ThenToldTheSame_IsNotInjected()
    {
        _table.Restore(Entries.Tcp(1), Origin.Peer, leftMs: 900_000);
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Empty(Injected());
    }

    [Fact]
    public void Timeout_EntryWithoutOne_IsTheKernelsOwn()
    {
        _destinations.Update(_destinations.Snapshot, new KernelTimeouts { Tcp = 10 });
        _table.Apply(Entries.Tcp(1, timeout: 0), Origin.Peer);
        Wait(9);
        Assert.Equal(0, _table.Sweep());
        Wait(1);
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void MissingReporter_NamesChange_SaysSoOnce()
    {
        var log = new FakeLogger();
        var reporter = new MissingReporter(_table, _destinations, log);
        _table.Apply(Entries.Tcp(1, timeout: 10) with { RealPort = 9090 }, Origin.Peer);
        reporter.Report();
        _table.Apply(Entries.Tcp(2, timeout: 10) with { RealPort = 9090 }, Origin.Peer);
        reporter.Report();
        Assert.Contains("real server 10.0.0.11:9090 of TCP 203.0.113.10:80", Assert.Single(log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
        Wait(10);
        _table.Sweep();
        reporter.Report();
        reporter.Report();
        Assert.Equal(2, log.Collector.Count);
    }

    /// <summary>Which of them have most connections is no news.</summary>
    [Fact]
    public void MissingReporter_MoreNamesThanALineHas_SaysEachChangeOfThemOnce()
    {
        var log = new FakeLogger();
        var reporter = new MissingReporter(_table, _destinations, log);
        int number = 0;
        foreach (ushort port in Enumerable.Range(9001, 6).Select(port => (ushort)port))
            Miss(port);
        reporter.Report();
        Miss(9006);
        Miss(9006);
        reporter.Report();
        Assert.Contains(":9005 of TCP 203.0.113.10:80, and 1 more", Assert.Single(log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
        Miss(9007);
        reporter.Report();
        Assert.Contains(":9006 of TCP 203.0.113.10:80, and 2 more", log.LatestRecord.Message, StringComparison.Ordinal);

        void Miss(ushort port) => _table.Apply(Entries.Tcp(++number) with { RealPort = port }, Origin.Peer);
    }

    [Fact]
    public void Sweep_EverythingIsLostAgainAndAgain_LeavesNoConnectionWithoutItsTurn()
    {
        // Far more than the lane has room for: who is always first would leave none to the others.
        const int Connections = 5000;
        foreach (int number in Enumerable.Range(1, Connections))
        {
            _table.Apply(Entries.Tcp(number, timeout: 86400), Origin.Peer);
            Injected();
        }

        HashSet<ConnectionKey> told = [];
        for (int round = 0; round < 300; round++)
        {
            Wait(1);
            _queue.Lose(0);
            _table.Sweep();
            Wait(2); // what is no news waits so long for company
            told.UnionWith(Injected().Select(entry => entry.Key));
        }

        Assert.Equal(Connections, told.Count);
    }

    /// <summary>The same as a data connection of FTP: on a port without a service, where a client's port may not be known yet.</summary>
    private static ConnectionEntry Data(in ConnectionEntry entry) => entry with { Key = entry.Key with { VirtualPort = 5001 } };

    private void Configure(uint method, params IEnumerable<ushort> ports)
    {
        var service = new ServiceName(IpFamily.IPv4, 0, IpProtocol.Tcp, Entries.Tcp(1).Key.Virtual, 80);
        IpvsDestination[] servers = [.. ports.DefaultIfEmpty((ushort)8080)
            .Select(port => new IpvsDestination { Address = IPAddress.Parse("10.0.0.11"), Port = port, ForwardingMethod = method })];
        // What is missing twice is gone.
        for (int reading = 0; reading < 2; reading++)
            _destinations.Update(new DestinationSnapshot([(service, servers)]), KernelTimeouts.Default);
    }

    private void Check(PacedSender socket)
    {
        Wait(1);
        socket.CheckDrops();
    }

    private void Overtake(int number)
    {
        _table.Apply(Ended(number), Origin.Peer);
        Assert.Equal(ApplyOutcome.Older, _table.Apply(Ended(number) with { State = ConnectionState.IP_VS_TCP_S_FIN_WAIT }, Origin.Peer));
    }

    private static ConnectionEntry Ended(int number) => _closing with { Key = Entries.Tcp(number).Key };

    private void Wait(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private List<ConnectionEntry> Injected()
    {
        List<ConnectionEntry> entries = [];
        int count = _queue.TakeDue(_taken, out _);
        foreach (DatagramBuffer message in _taken.AsSpan(0, count))
            entries.AddRange(Messages.Read(message.Content).Select(entry => entry with { Flags = entry.Flags & ~IP_VS_CONN_F_SYNC }));

        _queue.Return(_taken.AsSpan(0, count));
        return entries;
    }
}
