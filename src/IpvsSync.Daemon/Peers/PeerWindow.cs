using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>One instance on one lane. Its lane's lock guards it.</summary>
/// <param name="instance">The instance, as its trailers say.</param>
/// <param name="source">The address of the first message that was heard of it.</param>
/// <param name="nowMs">When that was, on the table's clock.</param>
/// <param name="owner">The place of the sums of what it told; 0 if it has none.</param>
/// <param name="audit">Compares these sums with its own.</param>
internal sealed class PeerWindow(uint instance, SourceAddress source, long nowMs, byte owner, PeerAudit audit)
{
    private WindowCounts _inherited;

    /// <summary>The instance.</summary>
    public uint Instance { get; } = instance;

    /// <summary>Where it speaks from.</summary>
    public SourceAddress Source { get; set; } = source;

    /// <summary>Whether it is a run that is told to this director, and no director.</summary>
    public bool IsRun { get; init; }

    /// <summary>When it was heard first.</summary>
    public long SinceMs { get; } = nowMs;

    /// <summary>When the first of those that it has followed was heard first; its own time if it has followed none.</summary>
    public long KnownMs { get; private set; } = nowMs;

    /// <summary>When it was heard last.</summary>
    public long HeardMs { get; set; } = nowMs;

    /// <summary>The place of the sums of what it told; 0 if it has none.</summary>
    public byte Owner { get; } = owner;

    /// <summary>Compares what it told with what it has.</summary>
    public PeerAudit Audit { get; } = audit;

    /// <summary>Messages missing for good when everything was asked for last.</summary>
    public long MissingBefore { get; set; }

    /// <summary>Its messages.</summary>
    public NumberWindow Numbers { get; } = new();

    /// <summary>What became of its messages, and of those of the instances that it has followed.</summary>
    public WindowCounts Counts
    {
        get
        {
            WindowCounts sum = _inherited;
            sum.Add(Numbers.Counts);
            return sum;
        }
    }

    /// <summary>Takes over the account of an instance that it has followed. What is open there never comes.</summary>
    public void Follow(PeerWindow before)
    {
        before.Numbers.GiveUp();
        _inherited.Add(before.Counts);
        KnownMs = Math.Min(KnownMs, before.KnownMs);
    }

    /// <summary>Whether it has been silent for so long that nothing is asked of it.</summary>
    public bool IsSilentAt(long nowMs) => nowMs - HeardMs >= FlowConstants.PeerSilentMs;
}
