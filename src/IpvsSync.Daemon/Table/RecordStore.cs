using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>The records of a shard, found by key; see <see cref="PackedRecord"/> for how one is kept. Not for several threads.</summary>
internal sealed class RecordStore
{
    private readonly KeyIndex _index = new();
    private readonly Chunks<WideParts> _wide = new();
    private readonly Stack<ushort> _freeWide = [];
    private ushort _free;

    /// <summary>The places; those in use are live.</summary>
    public Chunks<PackedRecord> Records { get; } = new();

    /// <summary>Whether no connection can be added.</summary>
    public bool IsFull => _index.IsFull;

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

    /// <summary>Adds a record for what <paramref name="entry"/> says. Its key is new, and the store is not full.</summary>
    public ushort Add(in ConnectionEntry entry, ushort hash)
    {
        ushort number = _free;
        if (number == 0)
            number = Records.Next();
        else
            _free = Records[number].Next;
        ref PackedRecord record = ref Records[number];
        record = new PackedRecord { Key = PackedKey.Of(entry.Key), IsLive = true };
        Change(ref record, entry);
        _index.Add(hash, number);
        return number;
    }

    /// <summary>Removes a record.</summary>
    public void Remove(ushort number)
    {
        ref PackedRecord record = ref Records[number];
        _index.Remove((ushort)Entry(record).Key.GetHashCode(), number);
        if (record.Wide != 0)
            _freeWide.Push(record.Wide);
        record = new PackedRecord { Next = _free };
        _free = number;
    }

    /// <summary>The entry that <paramref name="record"/> was made of.</summary>
    public ConnectionEntry Entry(in PackedRecord record) => record.Entry(record.Wide == 0 ? default : _wide[record.Wide]);

    /// <summary>Whether <paramref name="record"/> says what <paramref name="entry"/>, of the same key, says.</summary>
    public bool Says(in PackedRecord record, in ConnectionEntry entry)
        => record.Says(entry) && (record.Wide == 0 ? !WideParts.AreIn(entry) : _wide[record.Wide] == WideParts.Of(entry));

    /// <summary>Has <paramref name="record"/> say what <paramref name="entry"/>, of the same key, says.</summary>
    public void Change(ref PackedRecord record, in ConnectionEntry entry)
    {
        record.Take(entry);
        if (WideParts.AreIn(entry) && record.Wide == 0)
            record.Wide = _freeWide.TryPop(out ushort free) ? free : _wide.Next();
        if (record.Wide != 0)
            _wide[record.Wide] = WideParts.Of(entry);
    }

    private bool HasAddresses(in PackedRecord record, in ConnectionKey key)
    {
        if (record.Wide == 0)
            return PackedKey.Fits(key.Client) && PackedKey.Fits(key.Virtual);
        ref readonly WideParts wide = ref _wide[record.Wide];
        return wide.Client == key.Client && wide.Virtual == key.Virtual;
    }
}
