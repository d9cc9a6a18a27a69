using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>What passed each lane between the last two samples. One thread samples; any thread may ask.</summary>
/// <param name="lanes">How many lanes there are.</param>
/// <param name="senders">Who sends to the peers, by lane; none while nothing is sent.</param>
/// <param name="receivers">Who hears the peers, by lane; none while nothing is heard.</param>
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

    /// <summary>By lane: entries a second to the peers, and from them.</summary>
    public IReadOnlyList<(double Sent, double Received)> Latest => [.. _rates.Latest.Take(lanes).Zip(_rates.Latest.Skip(lanes))];

    /// <summary>Counts anew.</summary>
    public void Sample() => _rates.Sample();
}
