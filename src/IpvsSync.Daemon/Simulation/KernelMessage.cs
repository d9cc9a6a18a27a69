namespace IpvsSync.Daemon.Simulation;

/// <summary>A message that a kernel's master hands to its socket.</summary>
/// <param name="SentAt">When, in ticks.</param>
/// <param name="Size">Bytes with the message header, as the header's size field says.</param>
/// <param name="Entries">How many entries it holds.</param>
internal readonly record struct KernelMessage(long SentAt, int Size, int Entries);
