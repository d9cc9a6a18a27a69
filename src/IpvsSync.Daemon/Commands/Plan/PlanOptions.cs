using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Plan;

/// <summary>The arguments of <c>plan</c>.</summary>
internal sealed record PlanOptions
{
    /// <summary>The traffic.</summary>
    public required WorkloadOptions Workload { get; init; }

    /// <summary>The table from which the traffic was derived; null if there is none.</summary>
    public TableSample? Sample { get; init; }

    /// <summary>Seconds of traffic.</summary>
    public required int Duration { get; init; }

    /// <summary>The network to the backups.</summary>
    public required WireOptions Wire { get; init; }

    /// <summary>The policies to compare, in order.</summary>
    public required IReadOnlyList<SyncKnobs> Policies { get; init; }
}
