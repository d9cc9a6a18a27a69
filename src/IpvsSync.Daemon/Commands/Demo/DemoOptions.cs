using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>What the operator asked of <c>demo</c>.</summary>
/// <param name="Seconds">How long; 0 until interrupted.</param>
/// <param name="Workload">The traffic on the master.</param>
/// <param name="SyncPorts">Lanes.</param>
/// <param name="Knobs">When to send.</param>
internal sealed record DemoOptions(int Seconds, WorkloadOptions Workload, int SyncPorts, SyncKnobs Knobs);
