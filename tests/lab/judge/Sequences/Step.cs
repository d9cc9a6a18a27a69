using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>One packet of a script.</summary>
/// <param name="Wait">The time after the previous packet, in milliseconds.</param>
/// <param name="Packet">The packet; null for a wait at the end, during which timers fire.</param>
internal readonly record struct Step(int Wait, Packet? Packet);

/// <summary>A step with the time at which it happened.</summary>
/// <param name="Time">When the kernel got the packet, in milliseconds of the lab's clock.</param>
/// <param name="Packet">The packet of the <see cref="Step"/>.</param>
internal readonly record struct Event(long Time, Packet? Packet);
