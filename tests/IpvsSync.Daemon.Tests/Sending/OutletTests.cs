using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>What leaves of what the table is told, outlet and lanes as they are; time is the test's.</summary>
public sealed class OutletTests
{
    private const int ThreeEntries = 8 + (3 * 36);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[256];
    private readonly List<LaneQueue> _queues = [];
    private ConnectionTable _table;
    private Outlet _outlet;

    public OutletTests() => (_outlet, _table) = Director();

    [Fact]
    public void Apply_LocalNews_LeavesAtOnceAndItsRepetitionDoesNot()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Equal([Entries.Tcp(1)], Take());

        Advance(59);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
        Assert.Equal(2, _counters.Postponed);
    }

    [Fact]
    public void Apply_APeersConnection_DoesNotLeave()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Apply_ConnectionTakenOverFromAPeer_IsNews()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Equal([Entries.Tcp(1)], Take());
    }

    [Fact]
    public void Apply_StateChange_LeavesWhateverTheTime()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        _table.Apply(Entries.Tcp(1, state: 4, timeout: 120), Origin.Local);
        Assert.Equal([Entries.Tcp(1, state: 4, timeout: 120)], Take());
    }

    [Fact]
    public void Apply_PortUsedAgain_IsToldOnceMoreWhenABackupNoLongerTakesItForAnOldMessage()
    {
        _table.Apply(Entries.Tcp(1, state: 5, timeout: 120), Origin.Local);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Equal([Entries.Tcp(1)], Take());
        Advance(10);
        _table.Sweep();
        Assert.Empty(Take(afterMs: 500));
        Advance(1);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Take(afterMs: FlowConstants.DeferredMs));
        Advance(100);
        _table.Sweep();
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Sweep_HeardOfAgain_IsRefreshedWhenThePeriodEndsWithoutAnotherRecord()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        Advance(30);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Advance(29);
        _table.Sweep();
        Assert.Empty(Take(afterMs: 500));
        Advance(1);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Take(afterMs: FlowConstants.DeferredMs));
        Advance(100);
        _table.Sweep();
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Apply_WithSlack_TellsALongerTimeoutAndTheTableKeepsTheConnectionAsLong()
    {
        (_outlet, _table) = Director(timeoutMargin: 20);
        _table.Apply(Entries.Tcp(1, timeout: 100), Origin.Local);
        _table.Apply(Entries.Tcp(2, timeout: uint.MaxValue - 5), Origin.Local);
        _table.Apply(Entries.Tcp(3, timeout: 0), Origin.Local);
        Assert.Equal([Entries.Tcp(1, timeout: 120), Entries.Tcp(2, timeout: uint.MaxValue), Entries.Tcp(3, timeout: 0)], Take());

        _time.Advance(TimeSpan.FromMilliseconds(119_999));
        Assert.Equal(0, _table.Sweep());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void Sweep_PersistenceData_IsOwedAndToldWhole()
    {
        for (int i = 0; i < 2; i++)
            _table.Apply(Entries.Tcp(1), Origin.Local, new PersistenceData("sip"u8, "call"u8));
        Assert.Equal([8 + 36 + 6 + 5], TakenLengths());
        Advance(60);
        _table.Sweep();
        _time.Advance(TimeSpan.FromMilliseconds(FlowConstants.DeferredMs));
        Assert.Equal([8 + 36 + 6 + 5], TakenLengths());
    }

    [Fact]
    public void Release_AfterHold_SendsWhatWasHeldAndWhatWasSentJustBefore()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        Advance(10);
        _table.Apply(Entries.Tcp(2), Origin.Local);
        Take();
        Advance(5);
        _outlet.Hold();
        _table.Apply(Entries.Tcp(3), Origin.Local);
        _table.Sweep();
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));

        _outlet.Release(sinceMs: _table.NowMs - FlowConstants.DeferredMs - 6000);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(2), Entries.Tcp(3)], Take(afterMs: FlowConstants.DeferredMs).OrderBy(entry => entry.Key.ClientPort));
        Advance(1);
        _table.Sweep();
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Sweep_WhatMayBeLost_LeavesAtOnce()
    {
        _outlet.Hold();
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _outlet.Release(sinceMs: _table.NowMs);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Take());
    }

    [Fact]
    public void Open_WhileHeld_SendsOnceReleased()
    {
        _outlet.Close();
        _outlet.Hold();
        _outlet.Open(new Lanes([.. _queues]), sinceMs: long.MinValue / 2);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Empty(Take());

        _outlet.Release(sinceMs: long.MinValue / 2);
        _table.Sweep();
        Assert.Equal([Entries.Tcp(1)], Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Change_ShorterPeriod_HoldsFromNowOn()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        Advance(20);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
        _outlet.Change(RefreshSettings.For(10, 0));
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Assert.Single(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Fact]
    public void Change_ShorterPeriod_HoldsForWhatIsOwedAlready()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        Take();
        Advance(20);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Sweep();
        Assert.Empty(Take(afterMs: FlowConstants.DeferredMs));
        _outlet.Change(RefreshSettings.For(10, 0));
        _table.Sweep();
        Assert.Single(Take(afterMs: FlowConstants.DeferredMs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Sweep_AfterTheQueueOverflowed_EveryConnectionReachesTheBackup(int lanes)
    {
        const int Connections = 1000;
        (_outlet, _table) = Director(lanes, limit: 40);
        var backup = new Dictionary<ConnectionKey, ConnectionEntry>();
        for (int number = 0; number < Connections; number++)
            _table.Apply(Entries.Tcp(number), Origin.Local);
        Learn();
        Assert.True(backup.Count < Connections / 2);
        long droppedAtFirst = _counters.Lost;
        Assert.Equal(Connections - backup.Count, droppedAtFirst * 3);

        // Nothing is heard of any more: the sweeper alone repairs, within a refresh period, a few messages a second at most.
        for (int step = 0; step < 600 && backup.Count < Connections; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            if (step % 10 == 0)
                _table.Sweep();
            Learn();
        }

        Assert.Equal(Connections, backup.Count);

        void Learn()
        {
            foreach (ConnectionEntry entry in Take())
                backup[entry.Key] = entry;
        }
    }

    private void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private List<ConnectionEntry> Take(int afterMs = 0)
    {
        _time.Advance(TimeSpan.FromMilliseconds(afterMs));
        List<ConnectionEntry> entries = [];
        foreach (LaneQueue queue in _queues)
        {
            int count = queue.TakeDue(_taken, out _);
            foreach (DatagramBuffer message in _taken.AsSpan(0, count))
                entries.AddRange(Messages.Read(message.Content));

            queue.Return(_taken.AsSpan(0, count));
        }

        return entries;
    }

    private List<int> TakenLengths()
    {
        int count = _queues[0].TakeDue(_taken, out _);
        List<int> lengths = [.. _taken.Take(count).Select(message => message.Length)];
        _queues[0].Return(_taken.AsSpan(0, count));
        return lengths;
    }

    private (Outlet Outlet, ConnectionTable Table) Director(int lanes = 1, int limit = 1000, uint timeoutMargin = 0)
    {
        _queues.Clear();
        var options = new LaneQueueOptions(SyncVersion.V1, 5, ThreeEntries, limit, FlushIntervalMs: 0);
        _queues.AddRange(Enumerable.Range(0, lanes).Select(_ => new LaneQueue(options, _counters, _time)));
        var outlet = new Outlet(new Lanes([.. _queues]), RefreshSettings.For(60, 0, timeoutMargin), _counters);
        return (outlet, new ConnectionTable(_time, new TableOutlets(outlet)));
    }
}
