namespace IpvsSync.Daemon.Peers;

/// <summary>How many of this director's connections each peer holds on one lane, as the peers say. Any thread; one lock.</summary>
internal sealed class HeldReports
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, HeldReport> _reports = [];

    /// <summary>The last report of each peer.</summary>
    public IReadOnlyList<HeldReport> Last
    {
        get
        {
            lock (_lock)
                return [.. _reports.Values];
        }
    }

    /// <summary>Those that are not older than a time of the table's clock.</summary>
    public IEnumerable<HeldReport> Since(long ms) => Last.Where(report => report.AtMs >= ms);

    /// <summary>Notes a report. Beyond <see cref="FlowConstants.MaxPeers"/> the oldest is forgotten.</summary>
    public void Note(HeldReport report)
    {
        lock (_lock)
        {
            if (_reports.Count >= FlowConstants.MaxPeers && !_reports.ContainsKey(report.Instance))
                _reports.Remove(_reports.Values.MinBy(held => held.AtMs).Instance);
            _reports[report.Instance] = report;
        }
    }
}
