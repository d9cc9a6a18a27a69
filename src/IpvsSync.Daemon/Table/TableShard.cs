using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// A part of the table with its own lock. Any thread may call any member. One object in several files, by what calls it: this one has what comes in,
/// <c>Peers</c> what a peer's entry does to a known connection, <c>Changing</c> each change of a record with all that counts it, <c>Reading</c>
/// copies, <c>Sweeping</c> what time and losses require, and <c>Recalling</c> what is told to a peer that learns. A further object would be memory
/// more that each entry waits for.
/// </summary>
/// <remarks>Private members hold the lock already, in every file.</remarks>
internal sealed partial class TableShard
{
    private readonly Lock _lock = new();
    private readonly RecordStore _store;
    private readonly KindCounts _kinds = new();
    private Wheel _wheel;
    private readonly TableOutlets _outlets;
    private readonly TableRoom _room;
    private readonly LinkDisorder _disorder;
    private readonly OwnerSums? _sums;
    private readonly int _firstId;
    private int _removedPeers;

    /// <summary>An empty shard.</summary>
    /// <param name="index">Its index among all shards.</param>
    /// <param name="outlets">The outlets, called under the lock.</param>
    /// <param name="room">The count and limit that all shards share.</param>
    /// <param name="disorder">What all shards have seen of messages that overtake each other.</param>
    /// <param name="memory">The memory that all shards share.</param>
    /// <param name="sums">The sums by owner, kept up at each change; null for none.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public TableShard(int index, TableOutlets outlets, TableRoom room, LinkDisorder disorder, TableMemory memory, OwnerSums? sums, long nowMs)
    {
        (_disorder, _sums) = (disorder, sums);
        _firstId = RecordId.Of(index, number: 0);
        _store = new RecordStore(memory, index);
        _outlets = outlets;
        _room = room;
        _wheel = new Wheel(nowMs);
    }

    /// <summary>Has room in the index for this many connections. Before anything is applied.</summary>
    public void Expect(int connections)
    {
        lock (_lock)
            _store.Expect(connections);
    }

    /// <summary>Fetches the slot of the index where the search for <paramref name="hash"/> begins.</summary>
    public void PrefetchIndex(ushort hash) => _store.PrefetchIndex(hash);

    /// <summary>Fetches the record that is likely to have this hash; if there is none, the one that the next new connection takes.</summary>
    /// <returns>Its likely number, read without the lock: for <see cref="Apply"/>. 0 if there is none.</returns>
    public ushort PrefetchRecord(ushort hash)
    {
        ushort guess = _store.GuessNumber(hash);
        _store.PrefetchRecord(guess);
        return guess;
    }

    /// <summary>See <see cref="ConnectionTable.Apply"/>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="hash">The hash of its key.</param>
    /// <param name="guess">The number of its record, if one was guessed; 0 if not.</param>
    /// <param name="origin">The sender of the entry.</param>
    /// <param name="persistence">The entry's persistence data.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="teller">What is known of a peer's message.</param>
    public ApplyOutcome Apply(
        in ConnectionEntry entry, ushort hash, ushort guess, Origin origin, scoped in PersistenceData persistence, long nowMs, in Teller teller)
    {
        lock (_lock)
        {
            ushort number = _store.Find(entry.KeyInPlace, hash, guess);
            if (number == 0)
                return Create(entry, hash, origin, persistence, nowMs, teller.Owner);
            ref PackedRecord record = ref _store.Records[number];
            bool isKnown = record.Origin == origin && record.Owner == teller.Owner && !record.IsUnbound && _store.Matches(record, entry)
                && (persistence.IsEmpty || _store.Keeps(record, persistence));
            if (isKnown || origin == Origin.Local)
                return Update(number, entry, origin, persistence, isNews: !isKnown, nowMs, teller.Owner);
            return ApplyPeer(number, entry, persistence, nowMs, teller);
        }
    }

    /// <summary>See <see cref="ConnectionTable.Restore"/>.</summary>
    public bool Restore(in ConnectionEntry entry, in ConnectionKey key, ushort hash, Origin origin, long leftMs, long nowMs)
    {
        lock (_lock)
        {
            if (_store.Find(key, hash) != 0 || _store.IsFull || _room.TryReserve(origin) != ApplyOutcome.Created)
                return false;
            ref PackedRecord record = ref Add(entry, hash, out ushort number);
            record.Origin = origin;
            Count(record);
            if (origin == Origin.Local)
                Renew(number, ref record, entry, default, isNews: true, nowMs);
            else
                NoteInKernel(ref record, entry, nowMs);
            record.DeadlineMs = nowMs + leftMs;
            _wheel.Add(_store.Records, number, ref record, DueMs(record, entry));
            return true;
        }
    }

    private ApplyOutcome Create(in ConnectionEntry entry, ushort hash, Origin origin, scoped in PersistenceData persistence, long nowMs, byte owner)
    {
        if (origin == Origin.Local)
            return Create(entry, hash, origin, isUnbound: false, persistence, nowMs, owner);
        bool isBound = _outlets.TryBind(entry, out ConnectionFlags flags);
        if (!isBound && _outlets.IsGone(entry))
            return ApplyOutcome.ServerGone;
        return flags == entry.Flags
            ? Create(entry, hash, origin, !isBound, persistence, nowMs, owner)
            : Create(entry with { Flags = flags }, hash, origin, !isBound, persistence, nowMs, owner);
    }

    private ApplyOutcome Create(
        in ConnectionEntry entry, ushort hash, Origin origin, bool isUnbound, scoped in PersistenceData persistence, long nowMs, byte owner)
    {
        ApplyOutcome outcome = _store.IsFull ? ApplyOutcome.Full : _room.TryReserve(origin);
        if (outcome != ApplyOutcome.Created)
        {
            Pass(entry, origin, persistence, nowMs);
            return outcome;
        }

        ref PackedRecord record = ref Add(entry, hash, out ushort number);
        (record.Origin, record.Owner) = (origin, owner);
        Count(record);
        if (isUnbound)
            Bind(ref record, default, isUnbound, entry);
        if (!persistence.IsEmpty)
            _store.Keep(ref record, entry, persistence);
        Renew(number, ref record, entry, persistence, isNews: true, nowMs);
        _wheel.Add(_store.Records, number, ref record, DueMs(record, entry));
        return ApplyOutcome.Created;
    }

    /// <summary>
    /// Sends a connection that is not stored to the peers, which may have room. None goes to the kernel: what is not stored is not bounded.
    /// </summary>
    private void Pass(in ConnectionEntry entry, Origin origin, scoped in PersistenceData persistence, long nowMs)
    {
        if (origin != Origin.Local)
            return;
        PackedRecord passing = new() { Origin = origin };
        Renew(number: 0, ref passing, entry, persistence, isNews: true, nowMs);
    }

    private ApplyOutcome Update(
        ushort number, in ConnectionEntry entry, Origin origin, scoped in PersistenceData persistence, bool isNews, long nowMs, byte owner)
    {
        ref PackedRecord record = ref _store.Records[number];
        bool isReborn = isNews && origin == Origin.Local && _outlets.ToPeers is not null && UpdateRule.IsRebirth(entry, record.State);
        if (isNews)
            Change(ref record, entry, origin, owner);
        else
            Confirm(ref record, owner);
        isNews |= !persistence.IsEmpty && _store.Keep(ref record, entry, persistence);
        Renew(number, ref record, entry, persistence, isNews, nowMs);
        if (isReborn)
            NoteRebirth(ref record);
        _wheel.Hasten(_store.Records, number, ref record, DueMs(record, entry));
        return isNews ? ApplyOutcome.Updated : ApplyOutcome.Unchanged;
    }

    private void NoteInKernel(ref PackedRecord record, in ConnectionEntry entry, long nowMs)
    {
        record.Sent = new SentState { IsSent = true, SentMs = nowMs };
        Bind(ref record, default, !_outlets.TryBind(entry, out _), entry);
    }

    private static void NoteRebirth(ref PackedRecord record)
    {
        SentState memory = record.Sent;
        RefreshPolicy.NoteRebirth(ref memory);
        record.Sent = memory;
    }

    /// <summary>Restarts the timer of <paramref name="record"/>, and offers its entry to the outlet.</summary>
    private void Renew(ushort number, ref PackedRecord record, in ConnectionEntry entry, scoped in PersistenceData persistence, bool isNews, long nowMs)
    {
        record.DeadlineMs = nowMs + LifeMs(record.Origin, entry);
        if (record.IsMoving || _outlets.Of(record.Origin) is not { } outlet)
            return;
        SentState memory = record.Sent;
        outlet.Offer(entry, persistence, isNews, nowMs, Id(number), ref memory, ref record.Place);
        record.Sent = memory;
    }

    /// <summary>The id of a record; 0 of none.</summary>
    private int Id(ushort number) => number == 0 ? 0 : _firstId | number;

    private long LifeMs(Origin origin, in ConnectionEntry entry) => (_outlets.Timeouts.Of(entry) + (long)(_outlets.Of(origin)?.TimeoutMargin ?? 0)) * 1000;
}
