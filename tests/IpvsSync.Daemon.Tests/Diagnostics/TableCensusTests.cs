using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

public sealed class TableCensusTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Meter _meter = new("census");
    private readonly ConnectionTable _table;
    private readonly TableCensus _census;
    private readonly MetricCollector<double> _ages;

    public TableCensusTests()
    {
        Histogram<double> staleness = _meter.CreateHistogram<double>("age");
        _table = new ConnectionTable(_time);
        _census = new TableCensus(_table, () => KernelTimeouts.Default, staleness, _time);
        _ages = new MetricCollector<double>(staleness);
    }

    public void Dispose()
    {
        _ages.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Count_BothOrigins_AreToldApart()
    {
        for (int number = 0; number < 5; number++)
            _table.Apply(Entries.Tcp(number), number < 2 ? Origin.Local : Origin.Peer);

        Assert.Equal((2, 3), _census.Count());
    }

    [Fact]
    public void Count_PeersConnections_GivesTheTimeSinceTheLastWord()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(2, timeout: 0), Origin.Peer);
        _table.Apply(Entries.Tcp(3), Origin.Local);
        _time.Advance(TimeSpan.FromSeconds(11));
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _time.Advance(TimeSpan.FromSeconds(7));
        _census.Count();

        Assert.Equal([7, 18], _ages.GetMeasurementSnapshot().Select(age => age.Value).Order());
    }

    [Fact]
    public void Count_LargeTable_TakesSomeAgesOnly()
    {
        for (int number = 0; number < TableCensus.Ages * 5; number++)
            _table.Apply(Entries.Tcp(number), Origin.Peer);

        Assert.Equal((0, TableCensus.Ages * 5), _census.Count());
        Assert.InRange(_ages.GetMeasurementSnapshot().Count, TableCensus.Ages / 2, TableCensus.Ages);
    }
}
