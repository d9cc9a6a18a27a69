using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Finds the waiting entry of a connection in the messages of a lane, so that a newer entry can take its place. Messages are numbered as they are
/// begun and leave in that order, so a place in a message that has left is void by its number.
/// For one thread at a time; allocates only while it grows.
/// </summary>
internal sealed class WaitingEntries
{
    /// <summary>Places kept before void ones are removed.</summary>
    private const int SmallestPruned = 1024;

    // By the record of the connection: its key is five words, and hashing them costs more than all else here.
    private readonly Dictionary<int, EntryPlace> _places = new(SmallestPruned);
    private readonly Dictionary<ConnectionKey, EntryPlace> _withoutRecord = [];
    private int _pruneAt = SmallestPruned;

    /// <summary>Writes <paramref name="entry"/> over the connection's waiting entry, if there is one of the same length.</summary>
    /// <param name="entry">The newer entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="record">Its record; 0 for none. What waits for another connection that had this record before is not replaced.</param>
    /// <param name="oldest">The number of the oldest message that still waits.</param>
    /// <param name="found">The place of the waiting entry.</param>
    public bool TryReplace(in ConnectionEntry entry, PersistenceData persistence, int record, long oldest, out EntryPlace found)
    {
        ref EntryPlace place = ref record != 0
            ? ref CollectionsMarshal.GetValueRefOrNullRef(_places, record)
            : ref CollectionsMarshal.GetValueRefOrNullRef(_withoutRecord, entry.Key);
        if (Unsafe.IsNullRef(ref place) || place.Number < oldest)
        {
            found = default;
            return false;
        }

        found = place;
        return MessageWriter.Resume(place.Message.Space).TryReplace(place.Start, place.Length, entry, persistence);
    }

    /// <summary>Notes where the newest entry of a connection lies.</summary>
    public void Note(in ConnectionKey key, int record, in EntryPlace place, long oldest)
    {
        if (_places.Count + _withoutRecord.Count >= _pruneAt)
            Prune(oldest);
        if (record != 0)
            _places[record] = place;
        else
            _withoutRecord[key] = place;
    }

    /// <summary>Forgets the entries of a message that is dropped before older messages have left.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="number">Its number.</param>
    /// <param name="records">The records of its entries.</param>
    public void Forget(DatagramBuffer message, long number, ReadOnlySpan<int> records)
    {
        foreach (int record in records)
        {
            if (_places.TryGetValue(record, out EntryPlace place) && place.Number == number)
                _places.Remove(record);
        }

        if (_withoutRecord.Count == 0)
            return;
        var reader = new MessageReader(message.Content, default);
        while (reader.Read(out ConnectionEntry entry))
        {
            if (_withoutRecord.TryGetValue(entry.Key, out EntryPlace place) && place.Number == number)
                _withoutRecord.Remove(entry.Key);
        }
    }

    /// <summary>Removes void places. The next time is when the number has doubled, so that the cost stays in proportion.</summary>
    private void Prune(long oldest)
    {
        Prune(_places, oldest);
        Prune(_withoutRecord, oldest);
        _pruneAt = Math.Max(SmallestPruned, (_places.Count + _withoutRecord.Count) * 2);
    }

    private static void Prune<T>(Dictionary<T, EntryPlace> places, long oldest)
        where T : notnull
    {
        foreach ((T key, EntryPlace place) in places)
        {
            if (place.Number < oldest)
                places.Remove(key);
        }
    }
}
