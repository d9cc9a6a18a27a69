using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Receiving;

/// <summary>A director without a kernel (<c>Kernel:Mode None</c>): connections are known to our table only.</summary>
internal sealed class NoSink : IConnectionSink
{
    /// <inheritdoc/>
    public void Add(in ConnectionEntry entry, PersistenceData persistence)
    {
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
