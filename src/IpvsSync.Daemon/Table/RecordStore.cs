using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>The records of a shard, found by key. For one thread at a time, except where said.</summary>
/// <param name="memory">The memory that all shards share.</param>
/// <param name="shard">The shard's number, below 512.</param>
internal sealed class RecordStore(TableMemory memory, int shard)
{
    /// <summary>The records; those in use are live.</summary>
    public Chunks<PackedRecord> Records = new(memory.Records, memory.Index);

    // What each new connection needs is side by side, in this object: every further object is memory more to wait for.
    private KeyIndex _index = new(memory.Index, shard);
    private ushort _free;
    private Chunks<WideParts> _wide = new(memory.Wide, memory.Index);
    private readonly Stack<ushort> _freeWide = [];
    private Chunks<KeptPersistence> _persistence = new(memory.Persistence, memory.Index);
    private readonly Stack<ushort> _freePersistence = [];

    /// <summary>Whether no connection can be added.</summary>
    public bool IsFull => _index.IsFull;

    /// <summary>See <see cref="TableShard.Expect"/>.</summary>
    public void Expect(int connections) => _index.Expect(connections);

    /// <summary>The number of the record of <paramref name="key"/>, 0 if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    public ushort Find(in ConnectionKey key, ushort hash)
    {
        var packed = PackedKey.Of(key);
        int from = hash;
        ushort number;
        while ((number = _index.Next(hash, ref from)) != 0)
        {
            ref readonly PackedRecord record = ref Records[number];
            if (record.Key == packed && HasAddresses(record, key))
                break;
        }

        return number;
    }

    /// <summary>Finds a record as <see cref="Find(in ConnectionKey, ushort)"/> does, and tries <paramref name="guess"/> first.</summary>
    public ushort Find(in ConnectionKey key, ushort hash, ushort guess)
    {
        if (guess == 0 || guess > Records.Highest)
            return Find(key, hash);
        ref readonly PackedRecord record = ref Records[guess];
        return record.IsLive && record.Key == PackedKey.Of(key) && HasAddresses(record, key) ? guess : Find(key, hash);
    }

    /// <summary>Fetches the slot of the index where the search for <paramref name="hash"/> begins. Any thread may call it.</summary>
    public void PrefetchIndex(ushort hash) => _index.Prefetch(hash);

    /// <summary>
    /// The number that <see cref="Find(in ConnectionKey, ushort)"/> is likely to find, by the index alone. Other threads may write meanwhile, so
    /// the caller checks it under the lock. Any thread may call it.
    /// </summary>
    public ushort GuessNumber(ushort hash) => _index.GuessNumber(hash);

    /// <summary>Fetches the record of a guess; of guess 0 the one that the next new connection takes. Any thread may call it.</summary>
    public void PrefetchRecord(ushort guess)
    {
        if (guess == 0)
            guess = _free;
        if (guess != 0)
        {
            Records.Prefetch(guess);
            return;
        }

        // And the one before it, which is likely to be its neighbour in the wheel.
        Records.Prefetch(Records.Highest);
        Records.Prefetch(Records.Highest + 1);
    }

    /// <summary>Adds a record of <paramref name="entry"/>. Its key is new, and the store is not full.</summary>
    public ref PackedRecord Add(in ConnectionEntry entry, ushort hash, out ushort number)
    {
        bool isUnused = _free == 0;
        number = isUnused ? Records.Next() : _free;
        ref PackedRecord record = ref Records[number];
        // What was never in use is only written: nothing waits for its memory.
        if (!isUnused)
            _free = record.Next;
        record = new PackedRecord { Key = PackedKey.Of(entry.KeyInPlace), IsLive = true };
        Change(ref record, entry);
        _index.Add(hash, number);
        return ref record;
    }

    /// <summary>Removes a record.</summary>
    public void Remove(ushort number)
    {
        ref PackedRecord record = ref Records[number];
        _index.Remove((ushort)Entry(record).Key.GetHashCode(), number);
        Forget(record);
        if (record.Wide != 0)
            _freeWide.Push(record.Wide);
        record = new PackedRecord { Next = _free };
        _free = number;
    }

    /// <summary>The entry that <paramref name="record"/> holds.</summary>
    public ConnectionEntry Entry(in PackedRecord record) => record.Entry(record.Wide == 0 ? default : _wide[record.Wide]);

    /// <summary>Whether two records of one key, without wide parts, add the same to their cell's sum.</summary>
    public static bool AuditsAlike(in PackedRecord one, in PackedRecord other)
        => one.NarrowReal == other.NarrowReal && one.RealPort == other.RealPort && IsOpen(one) == IsOpen(other);

    /// <summary>The stable hash of the key of <paramref name="record"/>.</summary>
    public ulong StableHash(in PackedRecord record)
    {
        if (record.Wide != 0)
            return record.Key.With(_wide[record.Wide].Client, _wide[record.Wide].Virtual).StableHash();
        ulong addresses = record.Key.Addresses;
        return record.Key.With(Address.FromIPv4((uint)addresses), Address.FromIPv4((uint)(addresses >> 32))).StableHash();
    }

    /// <summary>What <paramref name="record"/> adds to the sum of its cell.</summary>
    /// <param name="record">The record.</param>
    /// <param name="stableHash">The stable hash of its key.</param>
    public ulong Audit(in PackedRecord record, ulong stableHash)
    {
        Address real = record.Wide == 0 ? default : _wide[record.Wide].Real;
        return CellSum.Of(stableHash, record.Wide == 0 ? record.NarrowReal : real.High ^ real.Low, record.RealPort, IsOpen(record));
    }

    private static bool IsOpen(in PackedRecord record) => !record.Key.IsTemplate && LifeOrder.IsOpen(record.Key.Protocol, record.State);

    /// <summary>Whether <paramref name="record"/> equals <paramref name="entry"/>, of the same key.</summary>
    public bool Matches(in PackedRecord record, in ConnectionEntry entry)
        => record.Matches(entry) && (record.Wide == 0 ? !WideParts.AreIn(entry) : _wide[record.Wide] == WideParts.Of(entry, _wide[record.Wide].Persistence));

    /// <summary>Stores <paramref name="entry"/> in the record of the same key.</summary>
    public void Change(ref PackedRecord record, in ConnectionEntry entry)
    {
        record.Update(entry);
        if (WideParts.AreIn(entry))
            TakeWide(ref record);
        if (record.Wide != 0)
            _wide[record.Wide] = WideParts.Of(entry, _wide[record.Wide].Persistence);
    }

    /// <summary>The persistence data of <paramref name="record"/>, in the table's memory: valid while the shard's lock is held.</summary>
    public PersistenceData Persistence(in PackedRecord record)
        => record.Wide == 0 || _wide[record.Wide].Persistence == 0 ? default : _persistence[_wide[record.Wide].Persistence].Content;

    /// <summary>
    /// Keeps the persistence data that came with <paramref name="entry"/>, which <paramref name="record"/> holds already. An entry without any, as
    /// every entry of version 0, leaves the kept data.
    /// </summary>
    /// <returns>Whether the data is new.</returns>
    public bool Keep(ref PackedRecord record, in ConnectionEntry entry, scoped in PersistenceData data)
    {
        if (data.IsEmpty || Keeps(record, data))
            return false;
        TakeWide(ref record);
        ushort number = _wide[record.Wide].Persistence;
        if (number == 0)
            number = _freePersistence.TryPop(out ushort free) ? free : _persistence.Next();
        _persistence[number].Update(data);
        _wide[record.Wide] = WideParts.Of(entry, number);
        return true;
    }

    /// <summary>Whether <paramref name="record"/> keeps this persistence data.</summary>
    public bool Keeps(in PackedRecord record, scoped in PersistenceData data)
        => record.Wide != 0 && _wide[record.Wide].Persistence is var number and not 0 && _persistence[number].Is(data);

    private void TakeWide(ref PackedRecord record)
    {
        if (record.Wide == 0)
            record.Wide = _freeWide.TryPop(out ushort free) ? free : _wide.Next();
    }

    private void Forget(in PackedRecord record)
    {
        if (record.Wide == 0 || _wide[record.Wide].Persistence == 0)
            return;
        _freePersistence.Push(_wide[record.Wide].Persistence);
        _wide[record.Wide] = _wide[record.Wide] with { Persistence = 0 };
    }

    private bool HasAddresses(in PackedRecord record, in ConnectionKey key)
    {
        if (record.Wide == 0)
            return PackedKey.Fits(key.Client) && PackedKey.Fits(key.Virtual);
        ref readonly WideParts wide = ref _wide[record.Wide];
        return wide.Client == key.Client && wide.Virtual == key.Virtual;
    }
}
