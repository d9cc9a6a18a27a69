using IpvsSync.Daemon.Receiving;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The end of the feed's way: the table has led its connections through the gate into the lanes, and the senders are to be woken.
/// Several feed threads may each have one on the same gate.
/// </summary>
internal sealed class LaneSink(WireGate gate) : IConnectionSink
{
    /// <inheritdoc/>
    public void Add(in ConnectionEntry entry, PersistenceData persistence)
    {
    }

    /// <inheritdoc/>
    public void Flush() => gate.Signal();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
