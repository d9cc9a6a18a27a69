using System.Numerics;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// All lanes of this director. The connection's key alone picks the lane, so one connection stays in order whatever thread brings it.
/// </summary>
internal sealed class Lanes
{
    private readonly LaneQueue[] _queues;

    /// <summary>As many lanes as <paramref name="queues"/>, a power of two.</summary>
    public Lanes(LaneQueue[] queues)
    {
        if (!BitOperations.IsPow2(queues.Length))
            throw new ArgumentException("The number of lanes must be a power of two.", nameof(queues));
        _queues = queues;
    }

    /// <summary>Adds an entry to its connection's lane; see <see cref="LaneQueue.Append"/>.</summary>
    public Refusal Append(in ConnectionEntry entry, PersistenceData persistence)
        => _queues[(int)(entry.Key.StableHash() & (uint)(_queues.Length - 1))].Append(entry, persistence);

    /// <summary>Wakes the senders of all lanes that have something to do.</summary>
    public void Signal()
    {
        foreach (LaneQueue queue in _queues)
            queue.Signal();
    }

    /// <summary>No entry follows; see <see cref="LaneQueue.Complete"/>.</summary>
    public void Complete()
    {
        foreach (LaneQueue queue in _queues)
            queue.Complete();
    }
}
