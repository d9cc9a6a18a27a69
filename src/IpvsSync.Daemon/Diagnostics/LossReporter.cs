using IpvsSync.Daemon.Counters;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Says what was refused or lost, one line a stage and reason and interval, however many there were. Used by one thread.
/// </summary>
internal sealed class LossReporter(SyncMetrics metrics, ILogger log)
{
    /// <summary>Seconds between two reports.</summary>
    public const int IntervalSeconds = 10;

    private readonly Dictionary<(string Stage, Refusal Reason), long> _refusedBefore = [];
    private readonly Dictionary<string, long> _lostBefore = [];

    /// <summary>Logs what has come since the last report; nothing when nothing has.</summary>
    public void Report()
    {
        foreach (StageCounters stage in metrics.Stages)
        {
            foreach (Refusal reason in StageCounters.Reasons)
                ReportRefused(stage, reason);
            ReportLost(stage);
        }
    }

    private void ReportRefused(StageCounters stage, Refusal reason)
    {
        long total = stage.Refused(reason);
        long news = total - _refusedBefore.GetValueOrDefault((stage.Stage, reason));
        if (news > 0)
            log.Refused(stage.Stage, news, reason.ToString(), total);
        _refusedBefore[(stage.Stage, reason)] = total;
    }

    private void ReportLost(StageCounters stage)
    {
        long news = stage.Lost - _lostBefore.GetValueOrDefault(stage.Stage);
        if (news > 0)
            log.Lost(stage.Stage, news, stage.Lost);
        _lostBefore[stage.Stage] = stage.Lost;
    }
}
