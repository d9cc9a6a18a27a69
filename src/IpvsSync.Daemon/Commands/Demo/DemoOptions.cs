using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>The arguments of <c>demo</c>.</summary>
/// <param name="Seconds">The duration in seconds; 0 until interrupted.</param>
/// <param name="Workload">The traffic of the master.</param>
/// <param name="SyncPorts">The number of lanes.</param>
/// <param name="Knobs">The sync policy.</param>
internal sealed record DemoOptions(int Seconds, WorkloadOptions Workload, int SyncPorts, SyncKnobs Knobs);
