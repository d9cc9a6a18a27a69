using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What waits in a lane is replaced by what the table learns later, connection by connection.</summary>
public sealed class TableCoalescingTests
{
    private const int Connections = 500;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly LaneQueue _queue;
    private readonly ConnectionTable _table;

    public TableCoalescingTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 5, 1448, Limit: 100, FlushIntervalMs: 0), _counters, _time);
        var settings = new RefreshSettings(PeriodMs: 20_000, Retries: 0);
        var toKernel = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 5, 1448, Limit: 100, FlushIntervalMs: 0, Coalesces: false), _counters, _time);
        _table = new ConnectionTable(_time, new TableOutlets(new Outlet(new Lanes([_queue]), settings, _counters), new Outlet(new Lanes([toKernel]), settings, _counters)));
    }

    [Fact]
    public void Apply_NewsOfWhatWaits_LeavesOnceWithTheNewest()
    {
        for (ushort state = 3; state <= 5; state++)
        {
            for (int number = 0; number < Connections; number++)
                _table.Apply(Entries.Tcp(number, state), Origin.Local);
        }

        Assert.Equal(Enumerable.Range(0, Connections).Select(number => Entries.Tcp(number, state: 5)), Take());
        Assert.Equal(2 * Connections, _counters.Coalesced);
    }

    [Fact]
    public void Apply_NewsOfWhatHasLeft_LeavesAgain()
    {
        _table.Apply(Entries.Tcp(1, state: 3), Origin.Local);
        Assert.Single(Take());
        _table.Apply(Entries.Tcp(1, state: 4), Origin.Local);
        Assert.Equal([Entries.Tcp(1, state: 4)], Take());
    }

    [Fact]
    public void Apply_RecordOfAConnectionThatHasGone_ReplacesNothing()
    {
        _table.Apply(Entries.Tcp(1, state: 3, timeout: 3), Origin.Local);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _table.Sweep());
        // Enough that some take the record of the one that has gone.
        for (int number = 2; number < 2 + (100 * Connections); number++)
            _table.Apply(Entries.Tcp(number, state: 3), Origin.Local);

        Assert.Equal(0, _counters.Coalesced);
        Assert.Equal(Entries.Tcp(1, state: 3, timeout: 3), Take()[0]);
    }

    [Fact]
    public void Apply_ConnectionThatWasAPeersMeanwhile_LeavesBehindWhatWaits()
    {
        ConnectionEntry longer = Entries.Tcp(1) with { HasSequence = true, Flags = ConnectionFlags.IP_VS_CONN_F_MASQ | ConnectionFlags.IP_VS_CONN_F_IN_SEQ };
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(longer, Origin.Local);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1, state: 5, timeout: 120), Origin.Peer));
        _table.Apply(Entries.Tcp(1, state: 5, timeout: 100), Origin.Local);

        Assert.Equal([Entries.Tcp(1), longer, Entries.Tcp(1, state: 5, timeout: 100)], Take());
    }

    private List<ConnectionEntry> Take()
    {
        List<ConnectionEntry> entries = [];
        var taken = new DatagramBuffer[64];
        for (int count; (count = _queue.TakeDue(taken, out _)) > 0; _queue.Return(taken.AsSpan(0, count)))
        {
            foreach (DatagramBuffer message in taken.AsSpan(0, count))
                entries.AddRange(Messages.Read(message.Content));
        }

        return entries;
    }
}
