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
    private readonly LinkTrace[] _links = new LinkTrace[FlowConstants.MaxLinks];
    private WindowCounts _inherited;

    /// <summary>The instance.</summary>
    public uint Instance { get; } = instance;

    /// <summary>Where it speaks from: on the first link on which it was heard of late.</summary>
    public SourceAddress Source { get; private set; } = source;

    /// <summary>What came on each link.</summary>
    public ReadOnlySpan<LinkTrace> Links => _links;

    /// <summary>Whether it is a run that is told to this director, and no director.</summary>
    public bool IsRun { get; init; }

    /// <summary>Whether it has answered this director, and is no recording.</summary>
    public bool IsVouched { get; set; }

    /// <summary>When it was heard first.</summary>
    public long SinceMs { get; } = nowMs;

    /// <summary>When the first of those that it has followed was heard first; its own time if it has followed none.</summary>
    public long KnownMs { get; private set; } = nowMs;

    /// <summary>When it was heard last.</summary>
    public long HeardMs { get; private set; } = nowMs;

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

    /// <summary>Notes a message.</summary>
    /// <param name="from">Where it came from.</param>
    /// <param name="link">The number of the link on which it came.</param>
    /// <param name="number">Its number, or the one that it announces.</param>
    /// <param name="hasCome">Whether it has that number itself.</param>
    /// <param name="atMs">The time on the table's clock.</param>
    public void NoteHeard(in SourceAddress from, int link, ulong number, bool hasCome, long atMs)
    {
        HeardMs = atMs;
        _links[link].Note(from, number, hasCome, atMs);
        int first = 0;
        while (first < link && !(_links[first].IsHeard && atMs - _links[first].HeardMs < FlowConstants.PeerSilentMs))
            first++;
        Source = _links[first].Source;
    }

    /// <summary>The number up to which every link has come that was heard of late: what is above may still come on another.</summary>
    public ulong PassedAt(long atMs)
    {
        ulong passed = ulong.MaxValue;
        foreach (ref readonly LinkTrace link in _links.AsSpan())
        {
            if (link.IsHeard && atMs - link.HeardMs < FlowConstants.MostLagMs)
                passed = Math.Min(passed, link.Passed);
        }

        return passed;
    }

    /// <summary>Notes a message of a run.</summary>
    public void NoteHeard(long atMs) => HeardMs = atMs;

    /// <summary>Whether it is heard on several links, so that each message comes more than once.</summary>
    public bool IsCopied
    {
        get
        {
            int heard = 0;
            foreach (ref readonly LinkTrace link in _links.AsSpan())
                heard += link.IsHeard ? 1 : 0;
            return heard > 1;
        }
    }

    /// <summary>Whether it speaks, or has spoken, from an address.</summary>
    public bool IsAt(in SourceAddress address)
    {
        foreach (ref readonly LinkTrace link in _links.AsSpan())
        {
            if (link.IsHeard && link.Source == address)
                return true;
        }

        return Source == address;
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
