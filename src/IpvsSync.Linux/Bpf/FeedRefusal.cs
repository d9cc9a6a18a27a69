namespace IpvsSync.Linux.Bpf;

/// <summary>Why there is no program in the kernel.</summary>
/// <param name="Kind">The reason, for a program.</param>
/// <param name="Text">The reason, for people: what, and why.</param>
public sealed record FeedRefusal(FeedRefusalKind Kind, string Text);
