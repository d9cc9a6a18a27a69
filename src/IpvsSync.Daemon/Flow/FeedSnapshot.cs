namespace IpvsSync.Daemon.Flow;

/// <summary>How this director's connections leave its kernel at a moment, and what became of the records since the master pipeline started.</summary>
/// <param name="IsBpf">Whether the BPF program tells of them.</param>
/// <param name="IsPushed">Whether the pusher runs.</param>
/// <param name="Records">Connections that the program has told.</param>
/// <param name="Confirmed">Records of the kernel's master that the program had told before.</param>
/// <param name="Missed">Records of the kernel's master that the program had not told.</param>
/// <param name="Dropped">Records of the program that found no room.</param>
internal readonly record struct FeedSnapshot(bool IsBpf, bool IsPushed, long Records, long Confirmed, long Missed, long Dropped);
