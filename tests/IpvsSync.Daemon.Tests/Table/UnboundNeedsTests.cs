using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What the unbound connections lack is counted at each change, and is what a walk over all of them would find.</summary>
public sealed class UnboundNeedsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));
    private readonly DestinationCache _destinations = new();
    private readonly ConnectionTable _table;

    public UnboundNeedsTests() => _table = new ConnectionTable(_time, new TableOutlets(destinations: _destinations), limit: 300);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CountMissing_RandomEntriesTimesAndServices_IsWhatAWalkFinds(int seed)
    {
        var random = new Random(seed);
        var entries = new RandomEntries(random, keys: 30);
        for (int step = 0; step < 3000; step++)
        {
            _table.Apply(entries.Next(), (Origin)random.Next(2));
            if (random.Next(20) == 0)
                _time.Advance(TimeSpan.FromMilliseconds(random.Next(40_000)));
            if (random.Next(30) == 0)
                _table.Sweep();
            if (random.Next(50) != 0)
                continue;
            Configure(random);
            AssertSame();
        }
    }

    [Fact]
    public void CountMissing_MoreNeedsThanAreToldApart_CountsThoseThatAre()
    {
        var table = new ConnectionTable(_time, new TableOutlets(destinations: _destinations));
        for (int number = 0; number < UnboundNeeds.Most * 2; number++)
            table.Apply(Entries.Tcp(number) with { Real = Address.FromIPv4((uint)number) }, Origin.Peer);

        Assert.Equal(UnboundNeeds.Most * 2, table.Unbound);
        // The service itself is missing, so that the real servers do not matter.
        Assert.Equal([(new MissingDestination("TCP 203.0.113.10:80", null), UnboundNeeds.Most)], table.CountMissing(_destinations.Snapshot).Named);

        _time.Advance(TimeSpan.FromSeconds(900));
        table.Sweep();
        Assert.Equal(0, table.Unbound);
        Assert.Empty(table.CountMissing(_destinations.Snapshot).Named);
    }

    private void AssertSame()
    {
        DestinationSnapshot snapshot = _destinations.Snapshot;
        MissingCounts walked = new();
        foreach (ConnectionRecord record in _table.ToList().Where(record => record.Origin == Origin.Peer && !snapshot.TryFind(record.Entry, out _)))
            walked.Add(snapshot.Missing(record.Entry), 1);
        Assert.Equal(walked.Named, _table.CountMissing(snapshot).Named);
        Assert.Equal(walked.Named.Sum(missing => missing.Connections), _table.Unbound);
    }

    /// <summary>Another set of services and servers, with which everything is bound anew.</summary>
    private void Configure(Random random)
    {
        var service = Address.FromIPv4(0xCB00710A);
        IEnumerable<(ServiceName, IReadOnlyList<IpvsDestination>)> services =
            from port in (ushort[])[21, 80, 5001]
            from protocol in (byte[])[IpProtocol.Tcp, IpProtocol.Udp]
            where random.Next(2) == 0
            select (new ServiceName(IpFamily.IPv4, 0, protocol, service, port), (IReadOnlyList<IpvsDestination>)[.. Servers(random)]);
        _destinations.Update(new DestinationSnapshot([.. services]), KernelTimeouts.Default);
        _table.Rebind();
        _table.Sweep();
    }

    private static IEnumerable<IpvsDestination> Servers(Random random) =>
        from last in (byte[])[11, 12]
        from port in (ushort[])[0, 8080, 8081]
        where random.Next(3) == 0
        select new IpvsDestination { Address = new IPAddress([10, 0, 0, last]), Port = port };
}
