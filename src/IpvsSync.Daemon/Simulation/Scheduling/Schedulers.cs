namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>Creates schedulers.</summary>
internal static class Schedulers
{
    /// <summary>Creates a scheduler for one service.</summary>
    public static IScheduler Create(SchedulerKind kind) => kind switch
    {
        SchedulerKind.Rr => new RoundRobin(),
        SchedulerKind.Wrr => new WeightedRoundRobin(),
        SchedulerKind.Lc => new LeastConnections(isWeighted: false),
        SchedulerKind.Wlc => new LeastConnections(isWeighted: true),
        SchedulerKind.Sh => new SourceHashing(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
