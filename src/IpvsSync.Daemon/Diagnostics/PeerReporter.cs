using System.Globalization;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Logs peers that are lost or come back, on all links or on one, and messages that are not repaired. For one thread.</summary>
/// <param name="log">The log.</param>
/// <param name="links">The interfaces of the sync network.</param>
/// <param name="isGroup">Whether there is a group, so that a peer speaks on every link.</param>
internal sealed class PeerReporter(ILogger log, IReadOnlyList<string>? links = null, bool isGroup = true)
{
    /// <summary>Changes of peers that are logged between two calls of <see cref="Report"/>; further ones are only counted.</summary>
    public const int MostChanges = 10;

    private readonly IReadOnlyList<string> _links = links ?? [];
    private readonly PeerWatch _watch = new();
    private readonly LinkWatch _linkWatch = new(links?.Count ?? 0, isGroup);

    /// <summary>Messages of a peer that must be lost in an interval before it is logged: one in <see cref="ManyShare"/>, and so many.</summary>
    private const long LeastLost = 2;

    private const long ManyShare = 10;

    private readonly Dictionary<string, long> _missingBefore = [];
    private readonly Dictionary<SourceAddress, (long Theirs, long Ours)> _limitsBefore = [];
    private readonly Dictionary<string, (long Lost, long Messages)> _lostBefore = [];
    private long _notRetoldBefore;
    private int _changes;

    /// <summary>Logs which peers are lost or speak again. About once a second.</summary>
    /// <param name="lanes">The numbers by lane.</param>
    /// <param name="peers">The peers by address.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Check(IReadOnlyList<LaneWindows> lanes, IReadOnlyList<PeerSnapshot> peers, long nowMs)
    {
        foreach (PeerChange change in _watch.Check(lanes, peers, nowMs))
        {
            if (_changes++ < MostChanges)
                Tell(change);
        }
    }

    /// <summary>Logs which peers are silent on one link and not on another, or are heard there again. Several times a second.</summary>
    /// <param name="lanes">The numbers by lane.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void CheckLinks(IReadOnlyList<LaneWindows> lanes, long nowMs)
    {
        foreach (LinkChange change in _linkWatch.Check(PeerAccounts.Instances(lanes), nowMs))
        {
            if (_changes++ < MostChanges)
                Tell(change);
        }
    }

    /// <summary>
    /// Logs what is not repaired since the last call: a line for each peer, and one for what peers ask in vain. Every
    /// <see cref="LossReporter.IntervalSeconds"/>.
    /// </summary>
    /// <param name="peers">The peers.</param>
    /// <param name="lanes">What the lanes say.</param>
    public void Report(IReadOnlyList<PeerAccount> peers, IReadOnlyList<LaneExtensions> lanes)
    {
        foreach (PeerAccount peer in peers.Where(peer => peer.Numbers is not null))
        {
            ReportMissing(peer.Peer.Name, peer.Numbers!.Counts.Missing);
            ReportLost(peer.Peer.Name, peer.Numbers.Counts.Lost, peer.Peer.Messages);
        }

        foreach (string gone in _missingBefore.Keys.Except(peers.Select(peer => peer.Peer.Name)).ToArray())
        {
            _missingBefore.Remove(gone);
            _lostBefore.Remove(gone);
        }

        ReportNotRetold(lanes.Sum(lane => lane.Repair.Gone));
        if (lanes.Count > 0)
            ReportLimits(HeldReport.Of(lanes.SelectMany(lane => lane.Held.Last)), lanes[0].KernelLimit);
        if (_changes > MostChanges)
            log.MoreChanges(_changes - MostChanges);
        _changes = 0;
    }

    private void Tell(in LinkChange change)
    {
        if (change.IsSilent)
            log.LinkSilent(change.Address, _links[change.Link], change.SilentMs / 1000.0);
        else
            log.LinkHeardAgain(change.Address, _links[change.Link], change.SilentMs / 1000.0);
    }

    private void Tell(in PeerChange change)
    {
        string instance = InstanceText.Of(change.Instance);
        switch (change.Kind)
        {
            case PeerChangeKind.Lost:
                log.PeerLost(change.Address, instance, Duration(change.HeardMs), change.SilentMs / 1000.0);
                break;
            case PeerChangeKind.HeardAgain:
                log.PeerHeardAgain(change.Address, instance, change.SilentMs / 1000.0);
                break;
            case PeerChangeKind.Followed:
                log.PeerFollowed(change.Address, InstanceText.Of(change.Follower), instance);
                break;
            case PeerChangeKind.Unnumbered:
                log.PeerUnnumbered(change.Address, instance);
                break;
        }
    }

    private void ReportMissing(string peer, long total)
    {
        long news = total - _missingBefore.GetValueOrDefault(peer);
        if (news > 0)
            log.MissingForGood(peer, news, total);
        _missingBefore[peer] = total;
    }

    private void ReportLost(string peer, long lost, long messages)
    {
        (long lostBefore, long messagesBefore) = _lostBefore.GetValueOrDefault(peer);
        long news = lost - lostBefore;
        long all = news + messages - messagesBefore;
        if (news >= LeastLost && news * ManyShare >= all)
            log.ManyLost(peer, news, all);
        _lostBefore[peer] = (lost, messages);
    }

    private void ReportNotRetold(long total)
    {
        if (total > _notRetoldBefore)
            log.NotRetold(total - _notRetoldBefore, total);
        _notRetoldBefore = total;
    }

    /// <summary>Logs that a peer's kernel takes another number of connections than this director's; again if one of the two changes.</summary>
    private void ReportLimits(IReadOnlyList<HeldReport> peers, long ours)
    {
        foreach (HeldReport peer in peers)
        {
            if (_limitsBefore.GetValueOrDefault(peer.Source) is var before && before == (peer.Limit, ours))
                continue;
            _limitsBefore[peer.Source] = (peer.Limit, ours);
            if (RoomOf(peer.Limit) != RoomOf(ours))
                log.LimitsDiffer(peer.Source, peer.Limit, ours);
        }

        foreach (SourceAddress gone in _limitsBefore.Keys.Except(peers.Select(peer => peer.Source)).ToArray())
            _limitsBefore.Remove(gone);
    }

    // A limit that is higher than what a table holds is none: as the kernel's own, which is 2^30.
    private static long RoomOf(long limit) => limit == 0 ? ConnectionTable.MaxConnections : Math.Min(limit, ConnectionTable.MaxConnections);

    private static string Duration(long milliseconds) => TimeSpan.FromSeconds(milliseconds / 1000).ToString("c", CultureInfo.InvariantCulture);
}
