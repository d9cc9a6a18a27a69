using IpvsSync.Daemon.Options;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Receiving;

/// <summary>The hosts that are heard: those of <see cref="SyncOptions.Peers"/>. Any thread; allocates nothing.</summary>
internal sealed class SourceFilter
{
    private readonly SourceAddress[] _sources;

    private SourceFilter(SourceAddress[] sources) => _sources = sources;

    /// <summary>The filter of a configuration; null if everybody is heard.</summary>
    public static SourceFilter? Of(SyncOptions options)
        => options.Peers.Count == 0 ? null : new SourceFilter([.. options.Peers.Select(peer => SourceAddress.From(peer.Address))]);

    /// <summary>Whether a host is heard.</summary>
    public bool Has(in SourceAddress source)
    {
        foreach (SourceAddress known in _sources)
        {
            if (known == source)
                return true;
        }

        return false;
    }
}
