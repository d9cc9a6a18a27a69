using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Table;

/// <summary>A part of the table with its own lock. Any thread may call any member.</summary>
internal sealed partial class TableShard
{
    private readonly Lock _lock = new();
    private readonly RecordStore _store;
    private readonly KindCounts _kinds = new();
    private readonly Wheel _wheel;
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
        _store = new RecordStore(memory);
        _outlets = outlets;
        _room = room;
        _wheel = new Wheel(_store.Records, nowMs);
    }

    /// <summary>Touches the slot of the index where the search for <paramref name="hash"/> begins.</summary>
    public uint PrefetchIndex(ushort hash) => _store.PrefetchIndex(hash);

    /// <summary>The likely number of the record with this hash, read without the lock: for <see cref="Apply"/>.</summary>
    public ushort GuessNumber(ushort hash) => _store.GuessNumber(hash);

    /// <summary>Touches the record that was guessed.</summary>
    /// <returns>The guess; 0 if it is wrong.</returns>
    public ushort PrefetchRecord(ushort guess) => _store.PrefetchRecord(guess);

    /// <summary>See <see cref="ConnectionTable.Apply"/>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="hash">The hash of its key.</param>
    /// <param name="guess">The number of its record, if one was guessed; 0 if not.</param>
    /// <param name="origin">The sender of the entry.</param>
    /// <param name="persistence">The entry's persistence data.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="teller">What is known of a peer's message.</param>
    public ApplyOutcome Apply(
        in ConnectionEntry entry, ushort hash, ushort guess, Origin origin, PersistenceData persistence, long nowMs, Teller teller)
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
            ushort number = Add(entry, hash);
            ref PackedRecord record = ref _store.Records[number];
            record.Origin = origin;
            Count(record);
            if (origin == Origin.Local)
                Renew(number, ref record, entry, default, isNews: true, nowMs);
            else
                NoteInKernel(ref record, entry, nowMs);
            record.DeadlineMs = nowMs + leftMs;
            _wheel.Add(number, DueMs(record, entry));
            return true;
        }
    }

    /// <summary>Whether there is a record of <paramref name="key"/>.</summary>
    public bool Contains(in ConnectionKey key, ushort hash)
    {
        lock (_lock)
            return _store.Find(key, hash) != 0;
    }

    /// <summary>Whether there is a record of <paramref name="key"/> whose client port is not known yet.</summary>
    public bool ContainsWithoutClientPort(in ConnectionKey key, ushort hash)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            return number != 0 && _store.Records[number].HasNoClientPort;
        }
    }

    /// <summary>See <see cref="ConnectionTable.TryGet"/>.</summary>
    public bool TryGet(in ConnectionKey key, ushort hash, out ConnectionRecord record)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            record = number == 0 ? default : Unpack(_store.Records[number]);
            return number != 0;
        }
    }

    /// <summary>See <see cref="ConnectionTable.TryGetWhole"/>.</summary>
    public bool TryGetWhole(in ConnectionKey key, ushort hash, Span<byte> room, out ConnectionRecord record, out PersistenceData persistence)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            record = number == 0 ? default : Unpack(_store.Records[number]);
            persistence = number == 0 ? default : KeptPersistence.Copy(_store.Persistence(_store.Records[number]), room);
            return number != 0;
        }
    }

    /// <summary>Adds copies of all records to <paramref name="list"/>.</summary>
    public void AddTo(List<ConnectionRecord> list)
    {
        lock (_lock)
        {
            for (int number = 1; number <= _store.Records.Highest; number++)
            {
                ref readonly PackedRecord record = ref _store.Records[number];
                if (record.IsLive)
                    list.Add(Unpack(record));
            }
        }
    }

    /// <summary>Adds the number of connections of each kind to <paramref name="sums"/>.</summary>
    public void AddKinds(Span<int> sums, Origin origin)
    {
        lock (_lock)
            _kinds.AddTo(sums, origin);
    }

    /// <summary>Adds copies of some records to <paramref name="list"/>: of every <paramref name="stride"/>th place, if it is taken.</summary>
    /// <param name="list">The list.</param>
    /// <param name="stride">The distance of two places.</param>
    /// <param name="skip">Places before the first.</param>
    /// <returns>Places to skip in the next shard, so that the distance is the same across shards.</returns>
    public int AddSome(List<ConnectionRecord> list, int stride, int skip)
    {
        lock (_lock)
        {
            int number = 1 + skip;
            for (; number <= _store.Records.Highest; number += stride)
            {
                ref readonly PackedRecord record = ref _store.Records[number];
                if (record.IsLive)
                    list.Add(Unpack(record));
            }

            return number - _store.Records.Highest - 1;
        }
    }

    /// <summary>Removes connections that have timed out, and sends pending refreshes that are due.</summary>
    /// <param name="round">What to do besides.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>The number of removed connections.</returns>
    public int Sweep(SweepRound round, long nowMs)
    {
        lock (_lock)
        {
            if (round.VisitsAll)
                VisitAll(round, nowMs);
            int removed = 0;
            int due = _wheel.Advance(nowMs, out byte bucket);
            for (; due > 0; due--)
                removed += Visit(_wheel.Drain(bucket++), nowMs);
            _room.Return(removed, _removedPeers);
            _removedPeers = 0;
            return removed;
        }
    }

    /// <summary>Sends a record again whose message was lost, unless it was sent since, or is another's by now.</summary>
    /// <param name="number">The record's number.</param>
    /// <param name="origin">Whose connections the lost message carried.</param>
    /// <param name="lostMs">When the lost message was handed out, on the table's clock.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Resend(ushort number, Origin origin, long lostMs, long nowMs)
    {
        lock (_lock)
        {
            ref PackedRecord record = ref _store.Records[number];
            SentState sent = record.Sent;
            if (!record.IsLive || record.Origin != origin || record.DeadlineMs - nowMs <= 0 || !sent.IsSent || sent.SentMs > lostMs)
                return;
            record.Sent = new SentState { IsPending = true };
            SendDeferred(number, ref record, LaneLosses.None, nowMs);
            _wheel.Hasten(number, ref record, DueMs(record));
        }
    }

    /// <summary>Writes a record of this director's own again whose message was lost; see <see cref="IRecordTeller.Tell"/>.</summary>
    public Retelling Tell(ushort number, long lostMs, long nowMs, ref MessageWriter writer)
    {
        lock (_lock)
        {
            ref PackedRecord record = ref _store.Records[number];
            if (!record.IsLive || record.Origin != Origin.Local || record.DeadlineMs - nowMs <= 0 || _outlets.ToPeers is not { } outlet)
                return Retelling.NotNeeded;
            SentState sent = record.Sent;
            Retelling outcome = outlet.Tell(_store.Entry(record), _store.Persistence(record), lostMs, nowMs, ref writer, ref sent);
            record.Sent = sent;
            return outcome;
        }
    }

    private ApplyOutcome Create(in ConnectionEntry entry, ushort hash, Origin origin, PersistenceData persistence, long nowMs, byte owner)
    {
        if (origin == Origin.Local)
            return Create(entry, hash, origin, isUnbound: false, persistence, nowMs, owner);
        bool isBound = _outlets.TryBind(entry, out ConnectionEntry bound);
        if (!isBound && _outlets.IsGone(entry))
            return ApplyOutcome.ServerGone;
        return Create(bound, hash, origin, !isBound, persistence, nowMs, owner);
    }

    private ApplyOutcome Create(
        in ConnectionEntry entry, ushort hash, Origin origin, bool isUnbound, PersistenceData persistence, long nowMs, byte owner)
    {
        ApplyOutcome outcome = _store.IsFull ? ApplyOutcome.Full : _room.TryReserve(origin);
        if (outcome != ApplyOutcome.Created)
        {
            Pass(entry, origin, persistence, nowMs);
            return outcome;
        }

        ushort number = Add(entry, hash);
        ref PackedRecord record = ref _store.Records[number];
        (record.Origin, record.Owner) = (origin, owner);
        Count(record);
        if (isUnbound)
            Bind(ref record, default, isUnbound, entry);
        _store.Keep(ref record, entry, persistence);
        Renew(number, ref record, entry, persistence, isNews: true, nowMs);
        _wheel.Add(number, DueMs(record, entry));
        return ApplyOutcome.Created;
    }

    /// <summary>
    /// Sends a connection that is not stored to the peers, which may have room. None goes to the kernel: what is not stored is not bounded.
    /// </summary>
    private void Pass(in ConnectionEntry entry, Origin origin, PersistenceData persistence, long nowMs)
    {
        if (origin != Origin.Local)
            return;
        PackedRecord passing = new() { Origin = origin };
        Renew(number: 0, ref passing, entry, persistence, isNews: true, nowMs);
    }

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
            record.HasPast = record.IsMoving = false;
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

    /// <summary>Notes who told of a record last.</summary>
    private void Own(ref PackedRecord record, byte owner)
    {
        if (record.Owner == owner)
            return;
        _sums?.Remove(record, _store);
        record.Owner = owner;
        _sums?.Add(record, _store);
    }

    private ushort Add(in ConnectionEntry entry, ushort hash)
    {
        ushort number = _store.Add(entry, hash);
        if (_store.Records[number].HasNoClientPort)
            _room.NoteWithoutClientPort(1);
        return number;
    }

    /// <summary>Applies a peer's entry to a known connection that it changes.</summary>
    private ApplyOutcome ApplyPeer(ushort number, in ConnectionEntry entry, PersistenceData persistence, long nowMs, Teller teller)
    {
        ref PackedRecord record = ref _store.Records[number];
        ConnectionEntry known = _store.Entry(record);
        if (teller.RecalledSinceMs != 0 && IsNewer(record, known, teller))
            return ApplyOutcome.Unchanged;
        UpdateContext context = new(
            record.IsUnbound,
            HasOtherPersistence: !persistence.IsEmpty && !_store.Keeps(record, persistence),
            FactsOf(record, known, entry, nowMs, teller.Order));
        PeerVerdict verdict = UpdateRule.Merge(known, context, entry, out ConnectionEntry merged, out bool rebinds);
        if (verdict is not (PeerVerdict.Update or PeerVerdict.Replace))
            return Refuse(number, verdict, nowMs);
        // To the kernel a template with other data is one more connection.
        if (context.HasOtherPersistence && _room.CheckPeers() is var outcome and not ApplyOutcome.Created)
            return outcome;
        if (rebinds)
        {
            bool isBound = _outlets.TryBind(merged, out ConnectionEntry bound);
            Bind(ref record, known, !isBound, bound);
            merged = bound;
        }

        bool hasPast = UpdateRule.HasPast(record.HasPast, verdict, known, merged);
        bool moves = verdict == PeerVerdict.Replace && !context.HasOtherPersistence;
        ApplyOutcome updated = moves
            ? Move(number, known, merged, persistence, nowMs, teller.Owner)
            : Update(
                number, merged, Origin.Peer, persistence, UpdateRule.IsNews(context, isSame: _store.Matches(record, merged)), nowMs, teller.Owner);
        record.HasPast = hasPast;
        return updated;
    }

    /// <summary>
    /// Whether what is known is newer than what a peer tells from its table: this director's own kernel has it, or it was heard since this director
    /// began to learn.
    /// </summary>
    private bool IsNewer(in PackedRecord record, in ConnectionEntry known, Teller teller)
        => record.Origin == Origin.Local ? teller.IsRemembered : HeardMs(record, known) >= teller.RecalledSinceMs;

    private ApplyOutcome Refuse(ushort number, PeerVerdict verdict, long nowMs)
    {
        ref PackedRecord record = ref _store.Records[number];
        if (verdict == PeerVerdict.Overtaken)
            _disorder.Note(nowMs);
        if (verdict == PeerVerdict.Contested)
        {
            record.IsContested = true;
            _wheel.Hasten(number, ref record, DueMs(record));
        }

        return ApplyOutcome.Older;
    }

    /// <summary>Decides whether a contested connection lives. The record is in no bucket of the wheel.</summary>
    private void Settle(ushort number, ref PackedRecord record, long nowMs)
    {
        ConnectionEntry known = _store.Entry(record);
        if (nowMs < SettledMs(record, known))
            return;
        record.IsContested = false;
        if (_disorder.IsRecent(nowMs))
            return;
        ConnectionEntry reopened = BackupRules.Reopen(known, _outlets.Timeouts);
        Change(ref record, reopened, Origin.Peer, record.Owner);
        record.HasPast = false;
        Renew(number, ref record, reopened, default, isNews: true, nowMs);
    }

    /// <summary>What tells how old an entry may be.</summary>
    private RecordFacts FactsOf(in PackedRecord record, in ConnectionEntry known, in ConnectionEntry entry, long nowMs, RecordOrder order) => new(
        order,
        IsOwn: record.Origin == Origin.Local,
        record.HasPast,
        LinkReorders: _disorder.IsRecent(nowMs),
        IsOver: known.KeyInPlace.IsTemplate && BackupRules.IsElsewhere(known, entry) && _outlets.IsOver(known),
        AgeMs: nowMs - HeardMs(record, known));

    /// <summary>Stores a connection that has another real server from now on, and injects it, at once or at the time of its next refresh.</summary>
    private ApplyOutcome Move(
        ushort number, in ConnectionEntry known, in ConnectionEntry merged, PersistenceData persistence, long nowMs, byte owner)
    {
        ref PackedRecord record = ref _store.Records[number];
        if (_outlets.ToKernel is { } outlet)
        {
            Succession.MakeRoom(outlet, known, merged, _store.Persistence(record), nowMs);
            record.IsMoving = Succession.Waits(known);
        }

        if (record.IsMoving)
            record.Sent = new SentState { IsSent = true, SentMs = nowMs, IsPending = true };
        return Update(number, merged, Origin.Peer, persistence, isNews: true, nowMs, owner);
    }

    private ApplyOutcome Update(
        ushort number, in ConnectionEntry entry, Origin origin, PersistenceData persistence, bool isNews, long nowMs, byte owner)
    {
        ref PackedRecord record = ref _store.Records[number];
        bool isReborn = isNews && origin == Origin.Local && _outlets.ToPeers is not null && UpdateRule.IsRebirth(entry, record.State);
        if (isNews)
            Change(ref record, entry, origin, owner);
        else
            Own(ref record, owner);
        isNews |= _store.Keep(ref record, entry, persistence);
        Renew(number, ref record, entry, persistence, isNews, nowMs);
        if (isReborn)
            NoteRebirth(ref record);
        _wheel.Hasten(number, ref record, DueMs(record, entry));
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
    private void Renew(ushort number, ref PackedRecord record, in ConnectionEntry entry, PersistenceData persistence, bool isNews, long nowMs)
    {
        record.DeadlineMs = nowMs + LifeMs(record.Origin, entry);
        if (record.IsMoving || _outlets.Of(record.Origin) is not { } outlet)
            return;
        SentState memory = record.Sent;
        outlet.Offer(entry, persistence, isNews, nowMs, Id(number), ref memory);
        record.Sent = memory;
    }

    private int Visit(ushort first, long nowMs)
    {
        int removed = 0;
        for (ushort number = first; number != 0;)
        {
            ref PackedRecord record = ref _store.Records[number];
            ushort next = record.Next;
            if (record.DeadlineMs - nowMs <= 0)
            {
                Remove(number);
                removed++;
            }
            else
            {
                if (record.IsContested)
                    Settle(number, ref record, nowMs);
                if (record.IsPending)
                    SendDeferred(number, ref record, LaneLosses.None, nowMs);
                _wheel.Add(number, DueMs(record));
            }

            number = next;
        }

        return removed;
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

    /// <summary>The id of a record; 0 of none.</summary>
    private int Id(ushort number) => number == 0 ? 0 : _firstId | number;

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

    private void VisitAll(SweepRound round, long nowMs)
    {
        for (int number = 1; number <= _store.Records.Highest; number++)
        {
            ref PackedRecord record = ref _store.Records[number];
            if (!record.IsLive || record.DeadlineMs - nowMs <= 0)
                continue;
            if (round.Rebinds && EndsWithServer((ushort)number, ref record, round, nowMs))
                continue;
            if (round.Rebinds && record.Origin == Origin.Peer)
                Rebind(ref record);
            if (round.Cells is { } cells && record.Origin == Origin.Local && cells.Has(CellSum.CellOf(_store.StableHash(record))))
                record.Sent = new SentState { IsPending = true };
            SendDeferred((ushort)number, ref record, round.LossesOf(record.Origin), nowMs);
            _wheel.Hasten((ushort)number, ref record, DueMs(record));
        }
    }

    /// <summary>Ends a connection that the kernel has dropped with its real server, whoever's it is. The same sweep removes it.</summary>
    private bool EndsWithServer(ushort number, ref PackedRecord record, SweepRound round, long nowMs)
    {
        if (record.IsUnbound || !round.Lost.Include(_store.Entry(record)))
            return false;
        record.DeadlineMs = nowMs;
        _wheel.Hasten(number, ref record, nowMs);
        return true;
    }

    /// <summary>Looks for the real server again. The kernel binds a connection when it receives it once more (spec §3.4, patch 3).</summary>
    private void Rebind(ref PackedRecord record)
    {
        ConnectionEntry entry = _store.Entry(record);
        bool wasUnbound = record.IsUnbound;
        bool isBound = _outlets.TryBind(entry, out ConnectionEntry bound);
        Bind(ref record, entry, !isBound, entry);
        if (!wasUnbound || record.IsUnbound)
            return;
        _store.Change(ref record, bound);
        record.Sent = new SentState { IsPending = true };
    }

    private void SendDeferred(ushort number, ref PackedRecord record, LaneLosses losses, long nowMs)
    {
        if (_outlets.Of(record.Origin) is not { } outlet)
            return;
        SentState memory = record.Sent;
        outlet.SendDeferred(_store.Entry(record), _store.Persistence(record), losses, nowMs, Id(number), ref memory);
        record.Sent = memory;
        record.IsMoving &= memory.IsPending;
    }

    /// <summary>When to visit <paramref name="record"/>: at its deadline, when a pending refresh is due, or when it is decided.</summary>
    private long DueMs(in PackedRecord record) => record.IsPending || record.IsContested ? DueMs(record, _store.Entry(record)) : record.DeadlineMs;

    private long DueMs(in PackedRecord record, in ConnectionEntry entry)
    {
        long due = record.IsPending && _outlets.Of(record.Origin) is { } outlet
            ? Math.Min(record.DeadlineMs, outlet.DueMs(entry, record.Sent))
            : record.DeadlineMs;
        return record.IsContested ? Math.Min(due, SettledMs(record, entry)) : due;
    }

    private long SettledMs(in PackedRecord record, in ConnectionEntry entry) => HeardMs(record, entry) + BackupRules.SettledAfterMs;

    private long HeardMs(in PackedRecord record, in ConnectionEntry entry) => record.DeadlineMs - LifeMs(record.Origin, entry);

    private long LifeMs(Origin origin, in ConnectionEntry entry) => (_outlets.Timeouts.Of(entry) + (long)(_outlets.Of(origin)?.TimeoutMargin ?? 0)) * 1000;

    private ConnectionRecord Unpack(in PackedRecord record)
        => new()
        {
            Entry = _store.Entry(record),
            HasPersistence = !_store.Persistence(record).IsEmpty,
            DeadlineMs = record.DeadlineMs,
            Origin = record.Origin,
            Sent = record.Sent,
        };
}
