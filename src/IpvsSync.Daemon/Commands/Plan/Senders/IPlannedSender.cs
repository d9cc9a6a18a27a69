using IpvsSync.Daemon.Commands.Plan.Traffic;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>A director's sender with its policy, in virtual time. For one thread at a time.</summary>
internal interface IPlannedSender
{
    /// <summary>Processes the next event.</summary>
    void Take(in DirectorEvent directorEvent);

    /// <summary>Sends what still waits, as if time went on after <paramref name="nowMs"/>, and returns the result.</summary>
    PlanResult Finish(long nowMs);
}
