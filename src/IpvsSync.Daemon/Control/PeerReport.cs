using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Control;

/// <summary>The part of the answer to <c>status</c> about peers, losses and repair.</summary>
internal static class PeerReport
{
    /// <summary>The peers.</summary>
    /// <param name="peers">What is known of them.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="links">What is known of them on each link; null if nothing.</param>
    public static IReadOnlyList<StatusPeer> Of(IReadOnlyList<PeerAccount> peers, long nowMs, PeerLinkReport? links = null)
        => [.. peers.Select(peer => Of(peer, nowMs) with { Links = peer.IsNumbered ? links?.Of(peer.Numbers!.Latest, nowMs) : null })];

    /// <summary>What this director does about losses.</summary>
    /// <param name="extensions">What it says and hears.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public static StatusRepair Of(DirectorExtensions extensions, long nowMs)
    {
        IReadOnlyList<LaneExtensions> lanes = extensions.Lanes;
        return new StatusRepair(InstanceText.Of(extensions.Instance), [.. lanes.Select(Of)])
        {
            Held = [.. HeldReport.Of(lanes.SelectMany(lane => lane.Held.Last)).Select(held => Of(held, nowMs))],
            OwnReturned = lanes.Sum(lane => lane.Inbox.Own),
            Malformed = lanes.Sum(lane => lane.Inbox.Malformed),
            Unknown = lanes.Sum(lane => lane.Inbox.Unknown),
            Unplaced = lanes.Sum(lane => lane.Windows.Unknown),
        };
    }

    private static StatusPeer Of(PeerAccount peer, long nowMs)
    {
        PeerSnapshot heard = peer.Peer;
        return new StatusPeer(heard.Name, (int)heard.Version, Since(heard.HeardMs, nowMs), heard.Messages, heard.Entries)
        {
            State = Text(peer.StateAt(nowMs)),
            Instance = peer.IsNumbered && heard.Address is not null ? InstanceText.Of(peer.Numbers!.Latest.Instance) : null,
            Numbers = peer.Numbers is { } numbers ? Of(numbers.Counts, numbers.Open) : null,
            Lanes = peer.Numbers is null ? null : [.. peer.Numbers.Lanes.Select(lane => Of(lane, nowMs))],
        };
    }

    private static StatusPeerLane Of(LaneAccount lane, long nowMs) => new(
        lane.Lane,
        Text(nowMs - lane.HeardMs < FlowConstants.PeerSilentMs ? PeerState.Heard : PeerState.Silent),
        Since(lane.HeardMs, nowMs),
        Of(lane.Counts, lane.Open));

    private static StatusNumbers Of(in WindowCounts counts, long open) => new()
    {
        Lost = counts.Lost,
        Repaired = counts.Repaired,
        Missing = open,
        GivenUp = counts.Missing,
        Late = counts.Late,
        Duplicates = counts.Duplicates,
        OutOfWindow = counts.OutOfWindow,
        RepairMs = counts.Repairs == 0 ? null : Math.Round((double)counts.RepairMs / counts.Repairs, 1),
        LongestRepairMs = counts.Repairs == 0 ? null : counts.LongestRepairMs,
    };

    // What is missing is never rounded away.
    private static StatusHeld Of(HeldReport held, long nowMs) => new(
        held.Source.ToString(), InstanceText.Of(held.Instance), held.Own, held.Held, Math.Floor(held.Share * 1000) / 10, held.Extra, held.Differing,
        held.Limit, Math.Round((nowMs - held.AtMs) / 1000.0, 1));

    private static StatusRepairLane Of(LaneExtensions lane, int number)
        => new(number, lane.Nacks, lane.Repair.Asked, lane.Repair.Messages, lane.Repair.Entries, lane.Repair.Gone);

    private static double Since(long heardMs, long nowMs) => Math.Max(0, nowMs - heardMs) / 1000.0;

    private static string Text(PeerState state) => state switch
    {
        PeerState.Heard => "heard",
        PeerState.Silent => "silent",
        _ => "lost",
    };
}
