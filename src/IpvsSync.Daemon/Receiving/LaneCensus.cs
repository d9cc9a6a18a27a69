using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Warns the operator when the directors do not have the same number of lanes: a peer with fewer never receives what we send on the
/// others, and we miss what a peer with more sends on the rest (spec §2.8). For one thread.
/// </summary>
/// <param name="lanes">The receivers of the peers' messages, by lane.</param>
/// <param name="stray">Listens on the port behind our last lane; null if there is none.</param>
/// <param name="firstPort">The port of lane 0.</param>
/// <param name="log">Gets the warnings.</param>
internal sealed class LaneCensus(IReadOnlyList<Receiver> lanes, StrayReceiver? stray, int firstPort, ILogger log)
{
    /// <summary>
    /// New connections a lane, on average, before a silent lane means anything: if each lane gets its share, the chance that one of them
    /// is silent by accident is then below 1 in 10,000,000.
    /// </summary>
    private const int EnoughConnections = 20;

    private int _heardBefore;
    private long _straysBefore;

    /// <summary>Warns of what was found out since the last call.</summary>
    public void Report()
    {
        ReportSilent();
        long strays = stray?.Messages ?? 0;
        if (strays > _straysBefore)
            log.PeerHasMoreLanes(strays - _straysBefore, firstPort + lanes.Count, lanes.Count);
        _straysBefore = strays;
    }

    private void ReportSilent()
    {
        int heard = lanes.Count(lane => lane.NewConnections > 0);
        if (heard == _heardBefore || lanes.Sum(lane => lane.NewConnections) < (long)EnoughConnections * lanes.Count)
            return;
        _heardBefore = heard;
        if (heard == lanes.Count)
            return;
        IEnumerable<int> ports = Enumerable.Range(0, lanes.Count).Where(lane => lanes[lane].NewConnections > 0).Select(lane => firstPort + lane);
        log.PeerHasFewerLanes(heard, lanes.Count, string.Join(", ", ports));
    }
}
