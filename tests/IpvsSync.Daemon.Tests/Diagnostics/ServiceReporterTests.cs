using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>systemd's watchdog is fed each time, and the status is told every five.</summary>
public sealed class ServiceReporterTests : IDisposable
{
    private static readonly ResyncSnapshot s_alone = new(ResyncState.Ready, ResyncReason.Start, ResyncOutcome.Alone, IsOpen: true, Teacher: null, 0, 0, 2000, []);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly List<string> _told = [];
    private readonly SyncMetrics _metrics;
    private readonly ServiceReporter _reporter;

    public ServiceReporterTests()
    {
        _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        var options = new SyncOptions { SyncPorts = 4, Interface = "eth7" };
        _reporter = new ServiceReporter(_told.Add, new ServiceStatus(options, _metrics, _time));
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Report_EachTime_FeedsTheWatchdog()
    {
        ReportSeconds(11);
        Assert.Equal(11, _told.Count(told => told.StartsWith("WATCHDOG=1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Report_EveryFiveSeconds_TellsWhatTheDirectorDoes()
    {
        ReportSeconds(1);
        _metrics.Sent.Pass(1, 600, 100);
        _metrics.Received.Pass(1, 35, 100);
        ReportSeconds(5);
        Assert.Equal(
            [
                "STATUS=Role Backup, 4 lane(s) on eth7; ready: alone, no peer has answered within 2.0 s; 77 connections; entries per second: 0 sent, 0 from peers",
                "STATUS=Role Backup, 4 lane(s) on eth7; ready: alone, no peer has answered within 2.0 s; 77 connections; entries per second: 120 sent, 7 from peers",
            ],
            _told.Where(told => told.Contains('\n')).Select(told => told.Split('\n')[1]));
    }

    [Fact]
    public void Report_LinkIsNotUp_IsSaid()
    {
        _reporter.Report(Role.Backup, 77, "no carrier", s_alone);
        Assert.Contains("lane(s) on eth7: no carrier; ready", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_GateIsClosed_IsToldEachSecondAndOnceMoreWhenItOpens()
    {
        ResyncSnapshot learning = s_alone with { State = ResyncState.Learning, Outcome = null, IsOpen = false, Entries = 1234, Expected = 9876 };
        foreach (ResyncSnapshot resync in (ResyncSnapshot[])[learning, learning, learning, s_alone, s_alone])
            _reporter.Report(Role.Backup, 77, link: null, resync);
        string[] told = [.. _told.Where(told => told.Contains("STATUS=", StringComparison.Ordinal))];
        Assert.Equal(4, told.Length);
        Assert.All(told[..3], line => Assert.Contains("eth7; not ready: learning 1,234 of 9,876 connections; 77", line, StringComparison.Ordinal));
        Assert.Contains("; ready: alone", told[3], StringComparison.Ordinal);
    }

    private void ReportSeconds(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _reporter.Report(Role.Backup, 77, link: null, s_alone);
        }
    }
}
