namespace IpvsSync.Linux.Bpf;

/// <summary>What came of loading: one of the two.</summary>
/// <param name="Descriptors">The program at work; the caller closes it.</param>
/// <param name="Refusal">Why there is none.</param>
public sealed record FeedLoad(FeedDescriptors? Descriptors, FeedRefusal? Refusal)
{
    internal FeedLoad(FeedRefusalKind kind, string text)
        : this(null, new FeedRefusal(kind, text))
    {
    }
}
