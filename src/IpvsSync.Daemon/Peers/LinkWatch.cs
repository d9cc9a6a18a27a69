namespace IpvsSync.Daemon.Peers;

/// <summary>Finds the links on which a peer is silent while it is heard on another. For one thread, about once a second.</summary>
/// <param name="links">Links of this director.</param>
/// <param name="isExpectedOnAll">Whether a peer speaks on every link; else on those on which it was heard.</param>
internal sealed class LinkWatch(int links, bool isExpectedOnAll)
{
    private readonly Dictionary<(uint Instance, int Link), long> _silent = [];

    /// <summary>Looks at all peers.</summary>
    /// <param name="known">The instances that are known.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>What has happened since the last call.</returns>
    public IReadOnlyList<LinkChange> Check(IReadOnlyList<NumberedInstance> known, long nowMs)
    {
        List<LinkChange> changes = [];
        foreach (NumberedInstance instance in known.Where(instance => links > 1 && instance.IsEstablished && !instance.IsSilentAt(nowMs)))
        {
            for (int link = 0; link < links; link++)
            {
                if (ChangeOf(instance, link, nowMs) is { } change)
                    changes.Add(change);
            }
        }

        HashSet<uint> alive = [.. known.Select(instance => instance.Instance)];
        foreach ((uint Instance, int Link) gone in _silent.Keys.Where(key => !alive.Contains(key.Instance)).ToArray())
            _silent.Remove(gone);
        return changes;
    }

    private LinkChange? ChangeOf(in NumberedInstance instance, int link, long nowMs)
    {
        LinkAccount? heard = null;
        foreach (LinkAccount account in instance.Links)
        {
            if (account.Link == link)
                heard = account;
        }

        if (heard is null && !isExpectedOnAll)
            return null;
        long heardMs = heard?.HeardMs ?? instance.KnownMs;
        (uint Instance, int Link) key = (instance.Instance, link);
        if (nowMs - heardMs < FlowConstants.LinkSilentMs)
            return _silent.Remove(key, out long sinceMs) ? new LinkChange(instance.Source, link, IsSilent: false, heardMs - sinceMs) : null;
        // Where nothing is heard on any link, the peer is on its way to be lost, and no link is to blame.
        if (instance.HeardMs - heardMs < FlowConstants.LinkBehindMs)
            return null;
        return _silent.TryAdd(key, heardMs) ? new LinkChange(instance.Source, link, IsSilent: true, nowMs - heardMs) : null;
    }
}
