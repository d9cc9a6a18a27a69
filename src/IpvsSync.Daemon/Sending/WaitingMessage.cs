using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Sending;

/// <summary>A message of a lane that has not left.</summary>
/// <param name="Buffer">Its bytes.</param>
/// <param name="Number">Its number among all that the lane began, from 1.</param>
/// <param name="BegunMs">When its first entry was appended, in milliseconds on the lane's clock.</param>
/// <param name="Records">The records of its entries, in the lane's <see cref="SentHistory"/>.</param>
internal readonly record struct WaitingMessage(DatagramBuffer Buffer, long Number, long BegunMs, RecordRange Records);
