namespace IpvsSync.Daemon.Simulation;

/// <summary>A message that a kernel's master passes to its socket.</summary>
/// <param name="SentAt">The time, in ticks.</param>
/// <param name="Size">The size in bytes, message header included, as in the header's size field.</param>
/// <param name="Entries">The number of entries.</param>
internal readonly record struct KernelMessage(long SentAt, int Size, int Entries);
