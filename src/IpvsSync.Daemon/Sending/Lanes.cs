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

    /// <summary>The lane of a connection among <paramref name="count"/> lanes, a power of two.</summary>
    public static int LaneOf(in ConnectionKey key, int count) => (int)(key.StableHash() & (uint)(count - 1));

    /// <summary>Adds an entry to its connection's lane; see <see cref="LaneQueue.Append"/>.</summary>
    public Refusal Append(in ConnectionEntry entry, PersistenceData persistence, bool isUrgent = true, long? nowMs = null)
        => _queues[LaneOf(entry.Key, _queues.Length)].Append(entry, persistence, isUrgent, nowMs);

    /// <summary>Whether the lane of a connection has room for what is sent again; see <see cref="LaneQueue.HasRoom"/>.</summary>
    public bool HasRoom(in ConnectionKey key) => _queues[LaneOf(key, _queues.Length)].HasRoom;

    /// <summary>What follows is made in this version; see <see cref="LaneQueue.ChangeVersion"/>.</summary>
    public void ChangeVersion(SyncVersion version)
    {
        foreach (LaneQueue queue in _queues)
            queue.ChangeVersion(version);
    }

    /// <summary>Notes on every lane that what was appended since <paramref name="sinceMs"/> is lost; see <see cref="LaneQueue.Lose"/>.</summary>
    public void Lose(long sinceMs)
    {
        foreach (LaneQueue queue in _queues)
            queue.Lose(sinceMs);
    }

    /// <summary>Losses of all lanes since the last call.</summary>
    public LaneLosses TakeLosses() => new([.. _queues.Select(queue => queue.TakeLosses())]);

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
