using IpvsSync.Daemon.Sending;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Logs peers that hear no messages of full size, and their end. For one thread, about once a second.</summary>
/// <param name="links">The interfaces of the sync network.</param>
/// <param name="log">The log.</param>
internal sealed class WayReporter(IReadOnlyList<string> links, ILogger log)
{
    private readonly Dictionary<(uint Instance, int Link), ProbeAccount> _narrow = [];

    /// <summary>Logs what has changed since the last call.</summary>
    /// <param name="probed">What is known of each peer.</param>
    /// <param name="size">How large messages are.</param>
    public void Report(IReadOnlyList<ProbeAccount> probed, WireSize size)
    {
        foreach (ProbeAccount peer in probed)
        {
            (uint, int) key = (peer.Instance, peer.Link);
            if (peer.Largest == 0)
            {
                if (_narrow.Remove(key))
                    log.WayIsWide(peer.Source, links[peer.Link], size.Message);
            }
            else if (!_narrow.TryGetValue(key, out ProbeAccount before) || before.Largest != peer.Largest)
            {
                _narrow[key] = peer;
                log.WayIsNarrow(peer.Source, size.Wanted, links[peer.Link], peer.Largest, peer.Largest + size.Headers);
            }
        }

        foreach ((uint Instance, int Link) gone in _narrow.Keys.Where(key => !probed.Any(peer => (peer.Instance, peer.Link) == key)).ToArray())
            _narrow.Remove(gone);
    }
}
