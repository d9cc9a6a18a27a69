using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Table;

/// <content>What time and losses require.</content>
internal sealed partial class TableShard
{
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
            if (record.IsMoving)
                MakeRoomAgain(number, ref record, nowMs);
            else
                record.Sent = new SentState { IsPending = true };
            SendDeferred(number, ref record, LaneLosses.None, nowMs);
            _wheel.Hasten(_store.Records, number, ref record, DueMs(record));
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
                _wheel.Add(_store.Records, number, ref record, DueMs(record));
            }

            number = next;
        }

        return removed;
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
            _wheel.Hasten(_store.Records, (ushort)number, ref record, DueMs(record));
        }
    }

    /// <summary>Ends a connection that the kernel has dropped with its real server, whoever's it is. The same sweep removes it.</summary>
    private bool EndsWithServer(ushort number, ref PackedRecord record, SweepRound round, long nowMs)
    {
        if (record.IsUnbound || !round.Lost.Include(_store.Entry(record)))
            return false;
        record.DeadlineMs = nowMs;
        _wheel.Hasten(_store.Records, number, ref record, nowMs);
        return true;
    }

    /// <summary>Looks for the real server again. The kernel binds a connection when it receives it once more (spec §3.4, patch 3).</summary>
    private void Rebind(ref PackedRecord record)
    {
        ConnectionEntry entry = _store.Entry(record);
        bool wasUnbound = record.IsUnbound;
        bool isBound = _outlets.TryBind(entry, out ConnectionFlags flags);
        Bind(ref record, entry, !isBound, entry);
        if (!wasUnbound || record.IsUnbound)
            return;
        _store.Change(ref record, entry with { Flags = flags });
        // A successor waits until the kernel has given up the one before it, whose timer it would restart.
        if (!record.IsMoving)
            record.Sent = new SentState { IsPending = true };
    }

    private void SendDeferred(ushort number, ref PackedRecord record, LaneLosses losses, long nowMs)
    {
        if (_outlets.Of(record.Origin) is not { } outlet)
            return;
        // A successor that waits goes on waiting: when the outlet opens, the message that ends the one before it counts as lost.
        if (record.IsMoving && !outlet.IsOpen)
            return;
        bool isLost = losses.HasWindows && losses.MayInclude(_store.Entry(record).KeyInPlace, record.Sent);
        if (record.IsMoving && isLost)
            MakeRoomAgain(number, ref record, nowMs);
        else if (record.HasMoved && (isLost || record is { IsPending: true, Sent.IsSent: false }))
            MakeRoomForMoved(outlet, number, record, nowMs);
        SentState memory = record.Sent;
        // A successor has its time: see Rebind.
        outlet.SendDeferred(LeftOf(record, nowMs), _store.Persistence(record), record.IsMoving ? LaneLosses.None : losses, nowMs, Id(number), ref memory, ref record.Place);
        record.Sent = memory;
        record.IsMoving &= memory.IsPending;
    }

    /// <summary>
    /// The entry of <paramref name="record"/>. A peer's connection has what is left of its timeout since it came, in whole seconds, at least one:
    /// this kernel is to drop it when the peer does. Its next packet gives it the timeout of its state. A template, or another protocol's connection,
    /// would keep the shorter one for good, so it has the whole.
    /// </summary>
    private ConnectionEntry LeftOf(in PackedRecord record, long nowMs)
    {
        ConnectionEntry entry = _store.Entry(record);
        if (record.Origin == Origin.Local || entry.Timeout == 0 || entry.KeyInPlace.IsTemplate || !HasStates(entry.KeyInPlace.Protocol))
            return entry;
        long seconds = (record.DeadlineMs - nowMs + 999) / 1000;
        return entry with { Timeout = (uint)Math.Clamp(seconds, 1, entry.Timeout) };
    }

    private static bool HasStates(byte protocol) => protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp;

    /// <summary>When to visit <paramref name="record"/>: at its deadline, when a pending refresh is due, or when it is decided.</summary>
    private long DueMs(in PackedRecord record) => record.IsPending || record.IsContested ? DueMs(record, _store.Entry(record)) : record.DeadlineMs;

    private long DueMs(in PackedRecord record, in ConnectionEntry entry)
    {
        long due = record.IsPending && _outlets.Of(record.Origin) is { } outlet
            ? Math.Min(record.DeadlineMs, outlet.DueMs(entry, record.Sent))
            : record.DeadlineMs;
        return record.IsContested ? Math.Min(due, SettledMs(record, entry)) : due;
    }
}
