using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// One peer, known by its address. Each lane's receiver writes to its own record; any thread reads all of them, without a lock.
/// </summary>
/// <param name="address">Its address; null for all peers together that have no place of their own.</param>
/// <param name="lanes">Lanes of this director.</param>
/// <param name="admittedMs">When it was given its place, on the table's clock.</param>
internal sealed class Peer(SourceAddress? address, int lanes, long admittedMs)
{
    private readonly SourceAddress _address = address ?? default;
    private readonly LaneRecord[] _lanes = new LaneRecord[lanes];
    private volatile bool _isForgotten;

    /// <summary>Whether its place is another's by now: what is noted here is not seen any more.</summary>
    public bool IsForgotten => _isForgotten;

    /// <summary>When its last message came on any lane, or it was given its place; on the table's clock.</summary>
    public long HeardMs
    {
        get
        {
            long heardMs = admittedMs;
            foreach (ref readonly LaneRecord lane in _lanes.AsSpan())
            {
                if (lane.Messages > 0)
                    heardMs = Math.Max(heardMs, lane.HeardMs);
            }

            return heardMs;
        }
    }

    /// <summary>All lanes together.</summary>
    public PeerSnapshot Snapshot
    {
        get
        {
            PeerSnapshot sum = new(address, SyncVersion.V1, 0, 0, long.MinValue);
            long versionMs = 0;
            foreach (ref readonly LaneRecord lane in _lanes.AsSpan())
            {
                if (lane.Messages > 0)
                    sum = Add(sum, lane, ref versionMs);
            }

            return sum;
        }
    }

    /// <summary>Whether it has been heard of late.</summary>
    public PeerState StateAt(long nowMs) => nowMs < SilentAtMs ? PeerState.Heard : PeerState.Silent;

    /// <summary>
    /// When it counts as silent unless it is heard before: it keeps its place for as long as it was heard, between two bounds. So a peer that was
    /// heard for long outlasts any number of forged senders, and these are soon forgotten.
    /// </summary>
    public long SilentAtMs
    {
        get
        {
            long heardMs = HeardMs;
            return heardMs + Math.Clamp(heardMs - admittedMs, FlowConstants.PeerForgetSoonMs, FlowConstants.PeerForgetMs);
        }
    }

    /// <summary>Whether it stands for all peers together that have no place of their own.</summary>
    public bool IsOthers => address is null;

    /// <summary>Whether this is the peer with that address. Not for one that <see cref="IsOthers"/>.</summary>
    public bool Is(in SourceAddress source) => _address == source;

    /// <summary>Notes a message. For the receiver of <paramref name="lane"/>.</summary>
    public void Note(int lane, SyncVersion version, int entries, long nowMs) => _lanes[lane].Note(version, entries, nowMs);

    /// <summary>Notes a message that says nothing about the version. For the receiver of <paramref name="lane"/>.</summary>
    public void NoteSign(int lane, long nowMs) => _lanes[lane].NoteSign(nowMs);

    /// <summary>Its place is another's from now on.</summary>
    public void Forget() => _isForgotten = true;

    private static PeerSnapshot Add(in PeerSnapshot sum, in LaneRecord lane, ref long versionMs)
    {
        bool isLater = lane.VersionMs > versionMs;
        versionMs = Math.Max(versionMs, lane.VersionMs);
        return sum with
        {
            Version = isLater ? lane.Version : sum.Version,
            Messages = sum.Messages + lane.Messages,
            Entries = sum.Entries + lane.Entries,
            HeardMs = Math.Max(sum.HeardMs, lane.HeardMs),
        };
    }
}
