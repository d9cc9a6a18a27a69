using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <content>What a peer's entry does to a known connection.</content>
internal sealed partial class TableShard
{
    /// <summary>Applies a peer's entry to a known connection that it changes.</summary>
    private ApplyOutcome ApplyPeer(ushort number, in ConnectionEntry entry, scoped in PersistenceData persistence, long nowMs, in Teller teller)
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
            bool isBound = _outlets.TryBind(merged, out ConnectionFlags flags);
            merged = merged with { Flags = flags };
            Bind(ref record, known, !isBound, merged);
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
    private bool IsNewer(in PackedRecord record, in ConnectionEntry known, in Teller teller)
        => record.Origin == Origin.Local ? teller.IsRemembered : HeardMs(record, known) >= teller.RecalledSinceMs;

    private ApplyOutcome Refuse(ushort number, PeerVerdict verdict, long nowMs)
    {
        ref PackedRecord record = ref _store.Records[number];
        if (verdict == PeerVerdict.Overtaken)
            _disorder.Note(nowMs);
        if (verdict == PeerVerdict.Contested)
        {
            record.IsContested = true;
            _wheel.Hasten(_store.Records, number, ref record, DueMs(record));
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
        IsOver: known.KeyInPlace.IsTemplate && BackupRules.IsElsewhere(known, entry) && _outlets.IsOver(known, HeardMs(record, known)),
        AgeMs: nowMs - HeardMs(record, known));

    /// <summary>Stores a connection that has another real server from now on, and injects it, at once or at the time of its next refresh.</summary>
    private ApplyOutcome Move(
        ushort number, in ConnectionEntry known, in ConnectionEntry merged, scoped in PersistenceData persistence, long nowMs, byte owner)
    {
        ref PackedRecord record = ref _store.Records[number];
        if (_outlets.ToKernel is { } outlet)
        {
            record.IsMoving = Succession.Waits(known);
            record.HasMoved = !record.IsMoving;
            MakeRoom(outlet, number, ref record, known, merged, nowMs);
        }

        return Update(number, merged, Origin.Peer, persistence, isNews: true, nowMs, owner);
    }

    /// <summary>Has the kernel give up what it knows of a record; a successor that must wait for that waits from now.</summary>
    private void MakeRoom(Outlet outlet, ushort number, ref PackedRecord record, in ConnectionEntry known, in ConnectionEntry successor, long nowMs)
    {
        Succession.MakeRoom(outlet, known, successor, _store.Persistence(record), nowMs, Id(number));
        if (record.IsMoving)
            record.Sent = new SentState { IsSent = true, SentMs = nowMs, IsPending = true };
    }

    /// <summary>
    /// Does so once more, after the message that did may have been lost. The kernel finds a template by its key, so the successor's entry ends the one
    /// before it as well.
    /// </summary>
    private void MakeRoomAgain(ushort number, ref PackedRecord record, long nowMs)
    {
        ConnectionEntry entry = _store.Entry(record);
        if (_outlets.ToKernel is { } outlet)
            MakeRoom(outlet, number, ref record, entry, entry, nowMs);
    }

    /// <summary>Makes room for a connection that has moved and is told as news, if its lane has space: what made room before may have been lost.</summary>
    private void MakeRoomForMoved(Outlet outlet, ushort number, in PackedRecord record, long nowMs)
    {
        ConnectionEntry entry = _store.Entry(record);
        if (outlet.HasRoom(entry.KeyInPlace))
            Succession.MakeRoom(outlet, entry, entry, _store.Persistence(record), nowMs, Id(number));
    }

    private long SettledMs(in PackedRecord record, in ConnectionEntry entry) => HeardMs(record, entry) + BackupRules.SettledAfterMs;

    private long HeardMs(in PackedRecord record, in ConnectionEntry entry) => record.DeadlineMs - LifeMs(record.Origin, entry);
}
