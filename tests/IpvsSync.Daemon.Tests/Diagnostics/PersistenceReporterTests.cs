using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>Persistence of a service on one side only is named as what it is.</summary>
public sealed class PersistenceReporterTests
{
    private static readonly ServiceName s_web = new(IpFamily.IPv4, 0, IpProtocol.Tcp, Entries.Tcp(1).Key.Virtual, 80);
    private static readonly ServiceName s_ftp = s_web with { Port = 21 };
    private static readonly ServiceName s_mark = new(IpFamily.IPv4, 7, 0, default, 0);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly DestinationCache _destinations = new();
    private readonly FakeLogger _log = new();
    private readonly ConnectionTable _table;
    private readonly PersistenceReporter _reporter;

    public PersistenceReporterTests()
    {
        _table = new ConnectionTable(_time, new TableOutlets(destinations: _destinations));
        _reporter = new PersistenceReporter(_table, _destinations, _log);
    }

    [Fact]
    public void Report_PeersTemplatesOfAServiceThatIsNotPersistentHere_AreNamedUntilItIs()
    {
        Configure();
        _table.Apply(Template(s_web), Origin.Peer);
        _table.Apply(Template(s_mark), Origin.Peer);
        Report(times: 2);
        Assert.Equal([(222, "FWM 7 (only on the peers), TCP 203.0.113.10:80 (only on the peers)")], Logged);
        Assert.Equal(0, _table.Unbound);

        Configure(s_web, s_mark);
        Report(times: 2);
        Assert.Equal([222, 223], _log.Collector.GetSnapshot().Select(record => record.Id.Id));
    }

    [Fact]
    public void Report_LastTemplateHasEnded_SaysNothingMore()
    {
        Configure();
        _table.Apply(Template(s_web), Origin.Peer);
        Report();
        _time.Advance(TimeSpan.FromSeconds(400));
        _table.Sweep();
        Report();

        Assert.Empty(_reporter.Differences);
    }

    [Fact]
    public void Report_ConnectionsOfAPersistentServiceWithoutTemplates_AreNamedTheSecondTime()
    {
        Configure(s_web);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        Report();
        Assert.Empty(_reporter.Differences);

        Report();
        Assert.Equal(new PersistenceDifference("TCP 203.0.113.10:80", IsHere: true), Assert.Single(_reporter.Differences));
        _table.Apply(Template(s_web), Origin.Peer);
        Report();
        Assert.Empty(_reporter.Differences);
    }

    [Fact]
    public void Report_BothPersistent_SaysNothing()
    {
        Configure(s_web, s_ftp, s_mark);
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(2) with { Key = Entries.Tcp(2).Key with { VirtualPort = 21 } }, Origin.Peer);
        _table.Apply(Entries.Tcp(3) with { Fwmark = 7 }, Origin.Peer);
        _table.Apply(Template(s_web), Origin.Peer);
        _table.Apply(Template(s_ftp with { Port = 0 }), Origin.Peer); // as the kernel's of FTP
        _table.Apply(Template(s_mark), Origin.Peer);
        Report(times: 3);

        Assert.Empty(Logged);
    }

    [Fact]
    public void Report_OwnTemplatesAndConnections_TellNothing()
    {
        Configure(s_web);
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(Template(s_mark), Origin.Local);
        Report(times: 3);

        Assert.Empty(Logged);
    }

    private IEnumerable<(int, string?)> Logged
        => _log.Collector.GetSnapshot().Select(record => (record.Id.Id, record.GetStructuredStateValue("Services")));

    private void Report(int times = 1)
    {
        for (; times > 0; times--)
            _reporter.Report();
    }

    private static ConnectionEntry Template(ServiceName service) => Entries.Tcp(1) with
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            IsTemplate = true,
            Protocol = service.Protocol,
            Client = Entries.Tcp(1).Key.Client,
            Virtual = service.Fwmark == 0 ? service.Address : Address.FromIPv4(service.Fwmark),
            VirtualPort = service.Port,
        },
        Flags = ConnectionFlags.IP_VS_CONN_F_TEMPLATE,
        Fwmark = service.Fwmark,
        State = 0,
        Timeout = 360,
    };

    /// <summary>What is missing twice is gone.</summary>
    private void Configure(params ServiceName[] persistent)
    {
        IpvsDestination server = new() { Address = IPAddress.Parse("10.0.0.11"), Port = 8080 };
        for (int reading = 0; reading < 2; reading++)
        {
            _destinations.Update(
                new DestinationSnapshot([(s_web, [server]), (s_ftp, [server]), (s_mark, [server])], 360, persistent), KernelTimeouts.Default);
        }
    }
}
