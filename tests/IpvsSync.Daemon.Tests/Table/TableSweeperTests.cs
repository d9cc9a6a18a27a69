using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>A sweep ends in time, whatever there is to do, and the next ones do the rest. Each reading of the clock takes some time here.</summary>
public sealed class TableSweeperTests
{
    private const int Connections = 5000;

    // With this a sweep gets to read the clock a few times only, which is after each 16 shards of 512.
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(TableSweeper.MostMs / 4);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly LaneQueue _queue;
    private readonly Outlet _outlet;
    private readonly ConnectionTable _table;

    public TableSweeperTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, Limit: int.MaxValue / 2, FlushIntervalMs: 0), _counters, _time);
        _outlet = new Outlet(new Lanes([_queue]), new RefreshSettings(60_000, 0), _counters);
        _table = new ConnectionTable(_time, new TableOutlets(toPeers: _outlet));
        for (int number = 0; number < Connections; number++)
            _table.Apply(Entries.Tcp(number), Origin.Local);
        Taken();
    }

    [Fact]
    public void Sweep_ManyTimeOutAtOnce_RemovesThemAllInSeveralSweeps()
    {
        _time.Advance(TimeSpan.FromSeconds(900));
        _time.AutoAdvanceAmount = _slow;
        List<int> removed = [];
        while (removed.Sum() < Connections && removed.Count < 1000)
            removed.Add(SweepInTime());

        Assert.Equal(Connections, removed.Sum());
        Assert.InRange(removed.Count, 5, 20);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Sweep_OutletHasOpened_SendsEachConnectionOnceInSeveralSweeps()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _outlet.Open(new Lanes([_queue]), sinceMs: 0);
        _time.AutoAdvanceAmount = _slow;
        List<ConnectionKey> sent = [];
        int sweeps = 0;
        for (; sent.Count < Connections && sweeps < 100; sweeps++)
        {
            SweepInTime();
            sent.AddRange(Taken());
        }

        Assert.InRange(sweeps, 5, 20);
        Assert.Equal(Connections, sent.Distinct().Count());
        Assert.Equal(Connections, sent.Count);
    }

    /// <summary>What begins while a tour is under way reaches the shards that the tour has left behind.</summary>
    [Fact]
    public void Sweep_OutletOpensAgainDuringATour_SendsEachConnectionAfterIt()
    {
        _outlet.Open(new Lanes([_queue]), sinceMs: 0);
        _time.AutoAdvanceAmount = _slow;
        SweepInTime();
        Assert.InRange(Taken().Count, 1, Connections - 1);

        _time.Advance(TimeSpan.FromSeconds(5));
        _outlet.Open(new Lanes([_queue]), sinceMs: 0);
        HashSet<ConnectionKey> sent = [];
        for (int sweep = 0; sweep < 20; sweep++)
        {
            SweepInTime();
            sent.UnionWith(Taken());
        }

        Assert.Equal(Connections, sent.Count);
    }

    [Fact]
    public void Sweep_LossesThatTakeLong_AreSentAgainInSeveralSweepsBesideTheTimers()
    {
        for (int number = 0; number < Connections; number++)
            _table.Apply(Entries.Tcp(number, state: 5), Origin.Local);
        Taken();
        _queue.Lose(0);
        _table.Apply(Entries.Tcp(Connections, timeout: 1), Origin.Local);
        Taken();
        _time.Advance(TimeSpan.FromSeconds(30));
        _time.AutoAdvanceAmount = _slow;
        HashSet<ConnectionKey> sent = [];
        int removed = 0;
        int sweeps = 0;
        for (; sent.Count < Connections && sweeps < 100; sweeps++)
        {
            removed += SweepInTime();
            sent.UnionWith(Taken());
        }

        Assert.InRange(sweeps, 2, 30);
        Assert.Equal(Connections, sent.Count);
        for (int rest = 0; rest < 20; rest++)
            removed += SweepInTime();
        Assert.Equal(1, removed);
    }

    /// <summary>Sweeps, and makes sure that it took no longer than it may: a step after its time at most.</summary>
    private int SweepInTime()
    {
        TimeSpan step = _time.AutoAdvanceAmount;
        _time.AutoAdvanceAmount = TimeSpan.Zero;
        long begunMs = _time.Milliseconds();
        _time.AutoAdvanceAmount = step;
        int removed = _table.Sweep();
        _time.AutoAdvanceAmount = TimeSpan.Zero;
        Assert.InRange(_time.Milliseconds() - begunMs, 0, TableSweeper.MostMs + (4 * (long)step.TotalMilliseconds));
        _time.AutoAdvanceAmount = step;
        return removed;
    }

    private List<ConnectionKey> Taken()
    {
        TimeSpan step = _time.AutoAdvanceAmount;
        _time.AutoAdvanceAmount = TimeSpan.Zero;
        _time.Advance(TimeSpan.FromSeconds(2)); // what is no news waits so long for company
        List<ConnectionKey> keys = [];
        var taken = new IpvsSync.Linux.Datagrams.DatagramBuffer[64];
        for (int count; (count = _queue.TakeDue(taken, out _)) > 0; _queue.Return(taken.AsSpan(0, count)))
        {
            foreach (IpvsSync.Linux.Datagrams.DatagramBuffer message in taken.AsSpan(0, count))
                keys.AddRange(Messages.Read(message.Content).Select(entry => entry.Key));
        }

        _time.AutoAdvanceAmount = step;
        return keys;
    }
}
