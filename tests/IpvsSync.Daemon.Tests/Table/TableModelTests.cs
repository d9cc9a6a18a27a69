using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>The table beside <see cref="TableModel"/>: whatever is applied, and however time goes, both say the same.</summary>
public sealed class TableModelTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 456, TimeSpan.Zero));

    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(2, 20, 100_000)]
    [InlineData(3, 40, 500)]
    [InlineData(4, 200, 100_000)]
    public void Table_RandomEntriesAndTimes_IsAsTheModel(int seed, int keys, int limit)
    {
        var random = new Random(seed);
        var entries = new RandomEntries(random, keys);
        var table = new ConnectionTable(_time, limit: limit);
        var model = new TableModel(limit);
        for (int step = 0; step < 40_000; step++)
        {
            ConnectionEntry entry = entries.Next();
            var origin = (Origin)random.Next(2);
            Assert.Equal(model.Apply(entry, origin, _time.Milliseconds()), table.Apply(entry, origin));
            AssertSame(model, table, entries.Next().Key);
            if (random.Next(50) == 0)
                _time.Advance(TimeSpan.FromMilliseconds(random.Next(10) == 0 ? random.Next(400_000) : random.Next(2500)));
            if (random.Next(100) == 0)
                Assert.Equal(model.Sweep(_time.Milliseconds()), table.Sweep());
            if (step % 10_000 != 0)
                continue;
            Assert.Equal(Sorted(model.Records), Sorted(table.ToList()));
            AssertSameKinds(model, table);
        }

        Assert.Equal(Sorted(model.Records), Sorted(table.ToList()));
        AssertSameKinds(model, table);
    }

    [Theory]
    [InlineData(5, 3, 5)]
    [InlineData(6, 20, 100_000)]
    [InlineData(7, 40, 500)]
    [InlineData(8, 400, 100_000)]
    public void ApplyAll_RandomEntriesAndTimes_IsAsTheModel(int seed, int keys, int limit)
    {
        var random = new Random(seed);
        var entries = new RandomEntries(random, keys);
        var table = new ConnectionTable(_time, limit: limit);
        var model = new TableModel(limit);
        for (int step = 0; step < 1_000; step++)
        {
            ConnectionEntry[] group = [.. Enumerable.Range(0, random.Next(100)).Select(_ => entries.Next())];
            var origin = (Origin)random.Next(2);
            var outcomes = new ApplyOutcome[group.Length];
            table.ApplyAll(group, origin, outcomes, table.NowMs);
            Assert.Equal(group.Select(entry => model.Apply(entry, origin, _time.Milliseconds())), outcomes);
            AssertSame(model, table, entries.Next().Key);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(10) == 0 ? random.Next(400_000) : random.Next(2500)));
            Assert.Equal(model.Sweep(_time.Milliseconds()), table.Sweep());
        }

        Assert.Equal(Sorted(model.Records), Sorted(table.ToList()));
        AssertSameKinds(model, table);
    }

    private static void AssertSame(TableModel model, ConnectionTable table, in ConnectionKey key)
    {
        Assert.Equal((model.Count, model.Peers), (table.Count, table.Peers));
        Assert.Equal(model.TryGet(key, out ConnectionRecord expected), table.TryGet(key, out ConnectionRecord actual));
        Assert.Equal(expected, actual);
    }

    private static void AssertSameKinds(TableModel model, ConnectionTable table)
    {
        foreach (Origin origin in Enum.GetValues<Origin>())
        {
            int[] expected = new int[ConnectionKind.All.Count];
            foreach (ConnectionRecord record in model.Records.Where(record => record.Origin == origin))
            {
                ConnectionKey key = record.Entry.Key;
                expected[ConnectionKind.NumberOf(key.Protocol, key.IsTemplate, record.Entry.State)]++;
            }

            Assert.Equal(expected, table.CountKinds(origin));
        }
    }

    private static List<ConnectionRecord> Sorted(IEnumerable<ConnectionRecord> records)
        => [.. records.OrderBy(record => record.Entry.Key.StableHash())];
}
