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

    /// <summary>Takes one queue for each lane, a power of two.</summary>
    public Lanes(LaneQueue[] queues)
    {
        if (!BitOperations.IsPow2(queues.Length))
            throw new ArgumentException("The number of lanes must be a power of two.", nameof(queues));
        _queues = queues;
    }

    /// <summary>The lane of a connection among <paramref name="count"/> lanes, a power of two.</summary>
    public static int LaneOf(in ConnectionKey key, int count) => count == 1 ? 0 : (int)(key.StableHash() & (uint)(count - 1));

    /// <summary>Adds an entry to its connection's lane; see <see cref="LaneQueue.Append"/>.</summary>
    public Refusal Append(in ConnectionEntry entry, scoped in PersistenceData persistence, bool isUrgent, long nowMs, int record, ref uint place)
        => _queues[LaneOf(entry.KeyInPlace, _queues.Length)].Append(entry, persistence, isUrgent, nowMs, record, ref place);

    /// <summary>Whether the lane of a connection has space for entries that are sent again; see <see cref="LaneQueue.HasRoom"/>.</summary>
    public bool HasRoom(in ConnectionKey key) => _queues[LaneOf(key, _queues.Length)].HasRoom;

    /// <summary>Changes the version of the messages that follow; see <see cref="LaneQueue.ChangeVersion"/>.</summary>
    public void ChangeVersion(SyncVersion version)
    {
        foreach (LaneQueue queue in _queues)
            queue.ChangeVersion(version);
    }

    /// <summary>Notes on every lane that nothing came there since <paramref name="sinceMs"/>; see <see cref="LaneQueue.LoseUnseen"/>.</summary>
    public void LoseUnseen(long sinceMs)
    {
        foreach (LaneQueue queue in _queues)
            queue.LoseUnseen(sinceMs);
    }

    /// <summary>What all lanes lost since the last call. For one thread.</summary>
    public LaneLosses TakeLosses()
    {
        var windows = new LossWindow[_queues.Length];
        List<(LaneQueue, IReadOnlyList<LostMessages>)>? lost = null;
        for (int lane = 0; lane < _queues.Length; lane++)
        {
            (windows[lane], IReadOnlyList<LostMessages> messages) = _queues[lane].TakeLosses();
            if (messages.Count > 0)
                (lost ??= []).Add((_queues[lane], messages));
        }

        return new LaneLosses(windows, lost is null ? LostRecords.None : new LostRecords(lost));
    }

    /// <summary>Wakes the senders of all lanes that have something to do.</summary>
    public void Signal()
    {
        foreach (LaneQueue queue in _queues)
            queue.Signal();
    }

    /// <summary>Ends all lanes; see <see cref="LaneQueue.Complete"/>.</summary>
    public void Complete()
    {
        foreach (LaneQueue queue in _queues)
            queue.Complete();
    }
}
