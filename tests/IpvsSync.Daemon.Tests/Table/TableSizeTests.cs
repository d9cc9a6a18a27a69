using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>The table with many connections, many threads, and without room.</summary>
public sealed class TableSizeTests
{
    private const int Many = 200_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));

    [Fact]
    public void Apply_NoRoom_IsFullUntilOneTimesOut()
    {
        var table = new ConnectionTable(_time, limit: 2);
        table.Apply(Entries.Tcp(1, timeout: 5), Origin.Peer);
        table.Apply(Entries.Tcp(2, timeout: 50), Origin.Peer);
        Assert.Equal(ApplyOutcome.Full, table.Apply(Entries.Tcp(3), Origin.Peer));
        Assert.False(table.TryGet(Entries.Tcp(3).Key, out _));
        Assert.Equal(ApplyOutcome.Unchanged, table.Apply(Entries.Tcp(2, timeout: 50), Origin.Peer));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, table.Sweep());
        Assert.Equal(ApplyOutcome.Created, table.Apply(Entries.Tcp(3), Origin.Peer));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Sweep_ManyConnections_EachGoesWithinItsSecond()
    {
        var table = new ConnectionTable(_time);
        for (int number = 0; number < Many; number++)
            table.Apply(Entries.Tcp(number, timeout: 1 + (uint)(number % 1000)), Origin.Peer);
        Assert.Equal(Many, table.Count);
        for (int second = 1; second <= 1000; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(Many / 1000, table.Sweep());
        }

        Assert.Equal(0, table.Count);
        Assert.Empty(table.ToList());
    }

    [Fact]
    public void Apply_ShorterTimeoutThanBefore_GoesEarlier()
    {
        var table = new ConnectionTable(_time);
        table.Apply(Entries.Tcp(1, timeout: 900), Origin.Peer);
        table.Apply(Entries.Tcp(1, state: 6, timeout: 10), Origin.Peer);
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(0, table.Sweep());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, table.Sweep());
    }

    [Fact]
    public void Apply_KnownConnections_AllocatesNothing()
    {
        var table = new ConnectionTable(_time);
        ApplyAll(table, 900);
        long allocated = Allocations.Least(() =>
        {
            ApplyAll(table, 900);
            ApplyAll(table, 30);
            _time.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(Many, table.Sweep());
            ApplyAll(table, 900);
        });
        Assert.InRange(allocated, 0, (Many / 10) - 1);
        Assert.Equal(Many, table.Count);
    }

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(int.MaxValue, 1 << 18)]
    public void Expect_Connections_HasMemoryReadyForThemUpToTheMost(int expected, int ready)
    {
        var table = new ConnectionTable(_time);
        table.Expect(expected);
        TableMemory memory = table.Memory;
        var keeper = new Thread(memory.KeepReady);
        keeper.Start();
        Assert.True(SpinWait.SpinUntil(() => memory.Records.Length >= ready, TimeSpan.FromMinutes(1)));
        memory.EndReadiness();
        keeper.Join();
        // A step more at most.
        Assert.InRange(memory.Records.Length, ready, ready + (1 << 15));
    }

    [Fact]
    public void Table_ManyThreads_LosesNoConnection()
    {
        const int Threads = 4;
        var table = new ConnectionTable(TimeProvider.System);
        Thread[] writers = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => ApplyAll(table, 900)))];
        foreach (Thread writer in writers)
            writer.Start();
        while (Array.Exists(writers, writer => writer.IsAlive))
            Assert.Equal(0, table.Sweep());
        Assert.Equal(Many, table.Count);
        Assert.Equal(Many, table.ToList().Select(record => record.Entry.Key).Distinct().Count());
    }

    private static void ApplyAll(ConnectionTable table, uint timeout)
    {
        for (int number = 0; number < Many; number++)
            table.Apply(Entries.Tcp(number, timeout: timeout), Origin.Peer);
    }
}
