using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>However much is lost, one line a stage, reason and interval; and none when nothing is.</summary>
public sealed class LossReporterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeLogger _log = new();
    private readonly SyncMetrics _metrics;
    private readonly LossReporter _reporter;

    public LossReporterTests()
    {
        _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        _reporter = new LossReporter(_metrics, _log);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Report_NothingLost_SaysNothing()
    {
        _reporter.Report();
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Report_FullQueue_IsOneLineAnIntervalWithWhatIsNew()
    {
        for (int i = 0; i < 700; i++)
            _metrics.Sent.Lose(1);
        _reporter.Report();
        _reporter.Report();
        _metrics.Sent.Lose(5);
        _reporter.Report();

        Assert.Equal(
            ["sent: lost 700 message(s) (700 since start).", "sent: lost 5 message(s) (705 since start)."],
            _log.Collector.GetSnapshot().Select(record => record.Message));
        Assert.All(_log.Collector.GetSnapshot(), record => Assert.Equal(LogLevel.Warning, record.Level));
    }

    [Fact]
    public void Report_ShortenedTimeouts_AreOneLineAnInterval()
    {
        for (int i = 0; i < 300; i++)
            _metrics.Received.Shorten();
        _reporter.Report();
        _reporter.Report();

        Assert.Equal(
            ["received: shortened the timeouts of 300 entries (300 since start): they are longer than those of this director's kernel can be."],
            _log.Collector.GetSnapshot().Select(record => record.Message));
    }

    [Fact]
    public void Report_RefusalsOfTwoReasonsAndStages_AreALineEach()
    {
        _metrics.Received.Refuse(Refusal.SizeMismatch);
        _metrics.Received.Refuse(Refusal.SizeMismatch);
        _metrics.Received.Refuse(Refusal.OtherSyncId);
        _metrics.Feed.Refuse(Refusal.SizeMismatch);
        _reporter.Report();

        Assert.Equal(
            [
                "feed: refused 1 for SizeMismatch (1 since start).", "received: refused 1 for OtherSyncId (1 since start).",
                "received: refused 2 for SizeMismatch (2 since start).",
            ],
            _log.Collector.GetSnapshot().Select(record => record.Message).Order(StringComparer.Ordinal));
    }
}
