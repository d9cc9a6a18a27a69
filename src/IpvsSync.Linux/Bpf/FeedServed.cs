namespace IpvsSync.Linux.Bpf;

/// <summary>A daemon that was answered.</summary>
/// <param name="Refusal">Why it did not get the feed; null if it did.</param>
public sealed record FeedServed(FeedRefusal? Refusal);
