using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Sending;

/// <summary>A message that left under a number.</summary>
/// <param name="Start">The low 32 bits of the position of its first record.</param>
/// <param name="Count">How many records it carried; 0 for a control message.</param>
/// <param name="IsRetold">Whether its records were told again under other numbers.</param>
/// <param name="SentMs">When it was handed out, in milliseconds on the lane's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct SentNumber(uint Start, ushort Count, bool IsRetold, long SentMs);
