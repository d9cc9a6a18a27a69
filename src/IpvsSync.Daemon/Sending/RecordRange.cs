namespace IpvsSync.Daemon.Sending;

/// <summary>Records side by side in a <see cref="SentHistory"/>.</summary>
/// <param name="Start">The position of the first, counted from the first record that the lane was ever given.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct RecordRange(long Start, int Count);
