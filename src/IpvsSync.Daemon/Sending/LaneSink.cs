using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>Leads what the kernel's feed brings to the lanes. Several feed threads may each have one on the same lanes.</summary>
internal sealed class LaneSink(Lanes lanes, StageCounters counters) : IConnectionSink
{
    /// <inheritdoc/>
    public void Add(in ConnectionEntry entry, PersistenceData persistence)
    {
        Refusal refusal = lanes.Append(entry, persistence);
        if (refusal != Refusal.None)
            counters.Refuse(refusal);
    }

    /// <inheritdoc/>
    public void Flush() => lanes.Signal();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
