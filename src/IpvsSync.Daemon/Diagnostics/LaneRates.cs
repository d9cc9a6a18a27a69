using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The rates of each lane between the last two samples. One thread samples; any thread may read.</summary>
/// <param name="lanes">The number of lanes.</param>
/// <param name="senders">The senders to the peers by lane; empty while nothing is sent.</param>
/// <param name="receivers">The receivers from the peers by lane; empty while nothing is received.</param>
/// <param name="time">The clock.</param>
internal sealed class LaneRates(int lanes, Func<IReadOnlyList<Sender>> senders, Func<IReadOnlyList<Receiver>> receivers, TimeProvider time)
{
    private readonly Rates _rates = new(
        () =>
        [
            .. Enumerable.Range(0, lanes).Select(lane => senders().ElementAtOrDefault(lane)?.Entries ?? 0),
            .. Enumerable.Range(0, lanes).Select(lane => receivers().ElementAtOrDefault(lane)?.Entries ?? 0),
        ],
        time);

    /// <summary>For each lane the entries per second to the peers and from the peers.</summary>
    public IReadOnlyList<(double Sent, double Received)> Latest => [.. _rates.Latest.Take(lanes).Zip(_rates.Latest.Skip(lanes))];

    /// <summary>Takes a sample.</summary>
    public void Sample() => _rates.Sample();
}
