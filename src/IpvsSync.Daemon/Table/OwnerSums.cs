using IpvsSync.Daemon.Peers;
using IpvsSync.Linux.Memory;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// The sums of all cells by owner, kept up at each change of a connection: this director's own, and those that each numbered peer has told
/// of. 32 kB an owner. Any thread may call any member.
/// </summary>
internal sealed class OwnerSums : IPeerSums
{
    /// <summary>The owner of connections that no numbered peer has told of.</summary>
    public const byte Nobody = 0;

    private readonly long[] _own = new long[CellSum.Cells];
    private readonly long[]?[] _peers = new long[]?[FlowConstants.MaxPeers + 1];
    private readonly int[] _counts = new int[FlowConstants.MaxPeers + 1];

    /// <summary>Fetches the sum that a new connection changes.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="owner">Who tells of it; meaningless for this director's own.</param>
    /// <param name="origin">Whose it is.</param>
    public void Prefetch(in ConnectionKey key, byte owner, Origin origin)
    {
        if (SumsOf(origin, owner) is { } sums)
            CacheLine.Prefetch(ref sums[CellSum.CellOf(key.StableHash())]);
    }

    /// <summary>Counts a connection as it is from now on.</summary>
    public void Add(in PackedRecord record, RecordStore store) => Change(record, store, 1);

    /// <summary>Counts a connection no longer as it is.</summary>
    public void Remove(in PackedRecord record, RecordStore store) => Change(record, store, -1);

    /// <summary>Counts a connection as it is from now on instead of as it was.</summary>
    /// <param name="before">The record before the change, without wide parts.</param>
    /// <param name="after">The record after it.</param>
    /// <param name="store">Has the wide parts of <paramref name="after"/>.</param>
    public void Replace(in PackedRecord before, in PackedRecord after, RecordStore store)
    {
        if (before.Origin != after.Origin || before.Owner != after.Owner || after.Wide != 0)
        {
            Remove(before, store);
            Add(after, store);
            return;
        }

        if (RecordStore.AuditsAlike(before, after) || SumsOf(before) is not { } sums)
            return;
        ulong hash = store.StableHash(after);
        Interlocked.Add(ref sums[CellSum.CellOf(hash)], (long)(store.Audit(after, hash) - store.Audit(before, hash)));
    }

    /// <inheritdoc/>
    public byte FindFree(Func<byte, bool> isTaken)
    {
        for (byte owner = 1; owner < _peers.Length; owner++)
        {
            if (isTaken(owner) || Volatile.Read(ref _counts[owner]) != 0)
                continue;
            _peers[owner] ??= new long[CellSum.Cells];
            return owner;
        }

        return Nobody;
    }

    /// <inheritdoc/>
    public ulong Peer(byte owner, int cell) => _peers[owner] is { } sums ? (ulong)Volatile.Read(ref sums[cell]) : 0;

    /// <summary>Copies the sums of this director's own connections.</summary>
    /// <param name="sums">Takes all of them.</param>
    public void CopyOwn(Span<ulong> sums)
    {
        for (int cell = 0; cell < sums.Length; cell++)
            sums[cell] = (ulong)Volatile.Read(ref _own[cell]);
    }

    private void Change(in PackedRecord record, RecordStore store, int sign)
    {
        if (SumsOf(record) is not { } sums)
            return;
        if (record.Origin == Origin.Peer)
            Interlocked.Add(ref _counts[record.Owner], sign);
        ulong hash = store.StableHash(record);
        Interlocked.Add(ref sums[CellSum.CellOf(hash)], sign * (long)store.Audit(record, hash));
    }

    private long[]? SumsOf(in PackedRecord record) => SumsOf(record.Origin, record.Owner);

    private long[]? SumsOf(Origin origin, byte owner) => origin == Origin.Local ? _own : owner == Nobody ? null : _peers[owner];
}
