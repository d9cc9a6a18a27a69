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

    private readonly Dictionary<ConnectionKey, EntryPlace> _places = new(SmallestPruned);
    private int _pruneAt = SmallestPruned;

    /// <summary>Writes <paramref name="entry"/> over the connection's waiting entry, if there is one of the same length.</summary>
    /// <param name="entry">The newer entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="oldest">The number of the oldest message that still waits.</param>
    /// <param name="found">The place of the waiting entry.</param>
    public bool TryReplace(in ConnectionEntry entry, PersistenceData persistence, long oldest, out EntryPlace found)
    {
        ref EntryPlace place = ref CollectionsMarshal.GetValueRefOrNullRef(_places, entry.Key);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref place) || place.Number < oldest)
        {
            found = default;
            return false;
        }

        found = place;
        return MessageWriter.Resume(place.Message.Space).TryReplace(place.Start, place.Length, entry, persistence);
    }

    /// <summary>Notes where the newest entry of a connection lies.</summary>
    public void Note(in ConnectionKey key, in EntryPlace place, long oldest)
    {
        if (_places.Count >= _pruneAt)
            Prune(oldest);
        _places[key] = place;
    }

    /// <summary>Forgets the entries of a message that is dropped before older messages have left.</summary>
    public void Forget(DatagramBuffer message, long number)
    {
        var reader = new MessageReader(message.Content, default);
        while (reader.Read(out ConnectionEntry entry))
        {
            if (_places.TryGetValue(entry.Key, out EntryPlace place) && place.Number == number)
                _places.Remove(entry.Key);
        }
    }

    /// <summary>Removes void places. The next time is when the number has doubled, so that the cost stays in proportion.</summary>
    private void Prune(long oldest)
    {
        foreach ((ConnectionKey key, EntryPlace place) in _places)
        {
            if (place.Number < oldest)
                _places.Remove(key);
        }

        _pruneAt = Math.Max(SmallestPruned, _places.Count * 2);
    }
}
