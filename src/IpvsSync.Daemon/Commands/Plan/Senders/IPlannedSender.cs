using IpvsSync.Daemon.Commands.Plan.Traffic;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>A director's sender with its policy, in virtual time. Used by one thread at a time.</summary>
internal interface IPlannedSender
{
    /// <summary>Takes what happens next.</summary>
    void Take(in DirectorEvent happening);

    /// <summary>Sends what waits, as time goes on beyond <paramref name="nowMs"/>, and tells how it was.</summary>
    PlanResult Finish(long nowMs);
}
