using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>A learner that asks for nothing.</summary>
internal static class IdleLearner
{
    public static Learner Make(int lanes = 64) => new(new LearnerOptions(lanes, AloneAfterMs: 2000, TimeLimitMs: 60_000));
}
