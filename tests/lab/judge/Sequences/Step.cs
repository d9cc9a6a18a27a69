using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>One packet of a script.</summary>
/// <param name="Wait">How long after the packet before it, in milliseconds.</param>
/// <param name="Packet">The packet; none for a wait at the end, in which timers do their work.</param>
internal readonly record struct Step(int Wait, Packet? Packet);

/// <summary>A step as it came to pass.</summary>
/// <param name="Time">When the packet was given to the kernel, in milliseconds of the lab's clock.</param>
/// <param name="Packet">As <see cref="Step"/> has it.</param>
internal readonly record struct Event(long Time, Packet? Packet);
