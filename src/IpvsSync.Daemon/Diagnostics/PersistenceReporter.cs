using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Finds the services that are persistent on one side only, and logs one line whenever they change: after a failover their clients reach
/// other real servers than before. The peers' templates tell that a peer is persistent; connections to a service without any template tell
/// that none is. One thread reports; any thread may read.
/// </summary>
internal sealed class PersistenceReporter(ConnectionTable table, DestinationCache destinations, ILogger log)
{
    /// <summary>Connections looked at in one report, from all over the table.</summary>
    private const int Samples = 1000;

    private HashSet<ServiceName> _suspects = [];
    private volatile IReadOnlyList<PersistenceDifference> _differences = [];

    /// <summary>The services, as of the last report.</summary>
    public IReadOnlyList<PersistenceDifference> Differences => _differences;

    /// <summary>Looks, and logs what has changed since the last call.</summary>
    public void Report()
    {
        PersistenceDifference[] found =
            [.. OnlyPeers().Concat(OnlyHere()).OrderBy(difference => difference.ToString(), StringComparer.Ordinal)];
        IReadOnlyList<PersistenceDifference> before = _differences;
        _differences = found;
        if (found.SequenceEqual(before))
            return;
        if (found.Length > 0)
            log.PersistenceDiffers(string.Join(", ", found));
        else
            log.PersistenceAgrees();
    }

    private IEnumerable<PersistenceDifference> OnlyPeers()
    {
        if (CountPeers(areTemplates: true) == 0)
            destinations.Templates.Clear();
        DestinationSnapshot here = destinations.Snapshot;
        return destinations.Templates.Services.Where(service => here.Has(service) && !here.IsPersistent(service))
            .Select(service => new PersistenceDifference(service.ToString(), IsHere: false));
    }

    /// <summary>
    /// Persistent services of which peers send connections and no templates. A template may come a moment later than its connection, so a
    /// service counts when it is found a second time.
    /// </summary>
    private IEnumerable<PersistenceDifference> OnlyHere()
    {
        HashSet<ServiceName> before = _suspects;
        _suspects = FindWithoutTemplates();
        return _suspects.Where(before.Contains).Select(service => new PersistenceDifference(service.ToString(), IsHere: true));
    }

    private HashSet<ServiceName> FindWithoutTemplates()
    {
        HashSet<ServiceName> found = [];
        DestinationSnapshot here = destinations.Snapshot;
        if (!here.HasPersistence || CountPeers(areTemplates: false) == 0)
            return found;
        foreach (ConnectionRecord record in table.Sample(Samples))
        {
            if (record is { Origin: Origin.Peer, Entry.Key.IsTemplate: false } && here.TryFindService(record.Entry, out ServiceName service)
                && here.IsPersistent(service))
                found.Add(service);
        }

        found.ExceptWith(destinations.Templates.Services);
        return found;
    }

    private int CountPeers(bool areTemplates)
        => ConnectionKind.All.Zip(table.CountKinds(Origin.Peer))
            .Where(pair => pair.First.IsTemplate == areTemplates)
            .Sum(pair => pair.Second);
}

/// <summary>A service that is persistent on one side only.</summary>
/// <param name="Service">The service, as <c>ipvsadm</c> prints it.</param>
/// <param name="IsHere">Whether it is persistent on this director; false: on the peers.</param>
internal sealed record PersistenceDifference(string Service, bool IsHere)
{
    /// <summary>The text in a log line.</summary>
    public override string ToString() => $"{Service} (only {(IsHere ? "here" : "on the peers")})";
}
