using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <content>Each change of a record, with all that counts it.</content>
internal sealed partial class TableShard
{
    private void Change(ref PackedRecord record, in ConnectionEntry entry)
    {
        bool had = record.HasNoClientPort;
        _store.Change(ref record, entry);
        if (record.HasNoClientPort != had)
            _room.NoteWithoutClientPort(had ? -1 : 1);
    }

    /// <summary>Stores news of a known connection, which may be another's from now on.</summary>
    private void Change(ref PackedRecord record, in ConnectionEntry entry, Origin origin, byte owner)
    {
        _kinds.Remove(record);
        PackedRecord before = record;
        // Wide parts are overwritten; a narrow record is still whole in its copy.
        if (before.Wide != 0)
            _sums?.Remove(before, _store);
        if (origin == Origin.Local && record.IsUnbound)
            Bind(ref record, _store.Entry(record), isUnbound: false, entry);
        if (record.Origin != origin)
        {
            record.Sent = default;
            record.Place = 0;
            record.HasPast = record.IsMoving = record.HasMoved = false;
            _room.NotePeer(origin == Origin.Peer ? 1 : -1);
        }

        Change(ref record, entry);
        record.IsContested = false;
        (record.Origin, record.Owner) = (origin, owner);
        _kinds.Add(record);
        if (before.Wide != 0)
            _sums?.Add(record, _store);
        else
            _sums?.Replace(before, record, _store);
    }

    /// <summary>Counts a record as it is from now on, by kind and by owner.</summary>
    private void Count(in PackedRecord record)
    {
        _kinds.Add(record);
        _sums?.Add(record, _store);
    }

    /// <summary>Counts a record no longer as it is. Call it before a change.</summary>
    private void Uncount(in PackedRecord record)
    {
        _kinds.Remove(record);
        _sums?.Remove(record, _store);
    }

    /// <summary>Notes that a record is as it was, and who said so last.</summary>
    private void Confirm(ref PackedRecord record, byte owner)
    {
        record.IsContested = false;
        if (record.Owner == owner)
            return;
        _sums?.Remove(record, _store);
        record.Owner = owner;
        _sums?.Add(record, _store);
    }

    private ref PackedRecord Add(in ConnectionEntry entry, ushort hash, out ushort number)
    {
        ref PackedRecord record = ref _store.Add(entry, hash, out number);
        if (record.HasNoClientPort)
            _room.NoteWithoutClientPort(1);
        return ref record;
    }

    private void Remove(ushort number)
    {
        ref PackedRecord record = ref _store.Records[number];
        if (record.HasNoClientPort)
            _room.NoteWithoutClientPort(-1);
        if (record.IsUnbound)
            Bind(ref record, _store.Entry(record), isUnbound: false, default);
        if (record.Origin == Origin.Peer)
            _removedPeers++;
        Uncount(record);
        _store.Remove(number);
    }

    /// <summary>Notes whether a record has a real server here.</summary>
    /// <param name="record">The record.</param>
    /// <param name="held">Its entry until now; not used if it had a real server.</param>
    /// <param name="isUnbound">Whether it has none from now on.</param>
    /// <param name="holds">Its entry from now on; not used if it has one.</param>
    private void Bind(ref PackedRecord record, in ConnectionEntry held, bool isUnbound, in ConnectionEntry holds)
    {
        if (record.IsUnbound && isUnbound && UnboundNeed.Of(held) == UnboundNeed.Of(holds))
            return;
        if (record.IsUnbound)
            _room.Needs.Remove(UnboundNeed.Of(held));
        if (isUnbound)
            _room.Needs.Add(UnboundNeed.Of(holds));
        if (record.IsUnbound != isUnbound)
            _room.NoteUnbound(isUnbound ? 1 : -1);
        record.IsUnbound = isUnbound;
    }
}
