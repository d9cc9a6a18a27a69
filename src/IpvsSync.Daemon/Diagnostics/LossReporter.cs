using IpvsSync.Daemon.Counters;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Logs refusals and losses: one line per stage, reason and interval, regardless of their number. For one thread.</summary>
internal sealed class LossReporter(SyncMetrics metrics, ILogger log)
{
    /// <summary>Seconds between two reports.</summary>
    public const int IntervalSeconds = 10;

    private readonly Dictionary<(string Stage, string Reason), long> _refusedBefore = [];
    private readonly Dictionary<string, long> _lostBefore = [];
    private readonly Dictionary<string, long> _shortenedBefore = [];

    /// <summary>Logs the refusals and losses since the last report, if there were any.</summary>
    public void Report()
    {
        foreach (StageCounters stage in metrics.Stages)
        {
            foreach (RefusalReason reason in RefusalReason.All.Where(reason => reason.IsFault))
                ReportRefused(stage, reason);
            ReportLost(stage);
            ReportShortened(stage);
        }
    }

    private void ReportRefused(StageCounters stage, RefusalReason reason)
    {
        long total = stage.Refused(reason);
        long news = total - _refusedBefore.GetValueOrDefault((stage.Stage, reason.Name));
        if (news > 0)
            log.Refused(stage.Stage, news, reason.Name, total);
        _refusedBefore[(stage.Stage, reason.Name)] = total;
    }

    private void ReportLost(StageCounters stage)
    {
        long news = stage.Lost - _lostBefore.GetValueOrDefault(stage.Stage);
        if (news > 0)
            log.Lost(stage.Stage, news, stage.Lost);
        _lostBefore[stage.Stage] = stage.Lost;
    }

    private void ReportShortened(StageCounters stage)
    {
        long total = stage.Shortened;
        long news = total - _shortenedBefore.GetValueOrDefault(stage.Stage);
        if (news > 0)
            log.Shortened(stage.Stage, news, total);
        _shortenedBefore[stage.Stage] = total;
    }
}
