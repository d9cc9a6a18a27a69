using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Peers;

/// <summary>Numbers of one lane of which some or all have not come. Those that have come since are passed over when it is looked at.</summary>
/// <param name="First">The first number.</param>
/// <param name="Count">How many numbers, at least 1.</param>
/// <param name="DueMs">When to ask for them, on the table's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct Hole(ulong First, int Count, long DueMs);
