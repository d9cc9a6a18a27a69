using System.Text;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Model;

/// <summary>
/// The records that a backup keeps for the reader's entries: the rules of spec §6 that concern the set of records, for a kernel without
/// services and with the engine <c>sip</c>.
/// </summary>
internal sealed class BackupModel(Tally tally)
{
    private readonly ReaderOptions _options = OptionsFor(tally.Generation);

    // A record is found only through its bucket: persistence data have a hash of their own.
    private readonly Dictionary<Bucket, List<BackupRecord>> _table = [];

    private readonly List<BackupRecord> _replaced = [];

    // What the model took away at the end of a message. Without a tick since, the kernel still has it.
    private readonly Dictionary<Bucket, List<BackupRecord>> _removed = [];

    /// <summary>The records that were replaced because of another destination.</summary>
    public List<string> Replaced { get; } = [];

    /// <summary>
    /// The clients with a record that was, or would have been, found again after its replacement: the moment of a tick decides.
    /// </summary>
    public HashSet<(IpFamily Family, Address Client)> FoundAgain { get; } = [];

    public IEnumerable<BackupRecord> Records => _table.Values.SelectMany(records => records);

    /// <summary>The options of a reader that is as strict as a kernel of this generation.</summary>
    public static ReaderOptions OptionsFor(Generation generation) => new() { SyncId = Kernel.Backup.SyncId, Profile = generation.Profile };

    /// <summary>Applies a message; <paramref name="number"/> is stored with the records that it changes.</summary>
    public void Apply(ReadOnlySpan<byte> message, int number)
    {
        var reader = new MessageReader(message, _options);
        while (reader.Read(out ConnectionEntry entry))
        {
            Refusal refusal = reader.Refusal;
            string? persistence = null;
            if (refusal == Refusal.None && !reader.Persistence.IsEmpty)
            {
                persistence = Encoding.Latin1.GetString(reader.Persistence.Data);
                if (!IsRegistered(reader.Persistence.Engine)) refusal = Refusal.PersistenceEngineUnknown;
            }

            tally.Count(refusal);
            if (refusal == Refusal.None) Apply(entry, persistence, number);
        }

        RemoveReplaced();
    }

    // The kernel compares names as C strings.
    private static bool IsRegistered(ReadOnlySpan<byte> engine)
    {
        int end = engine.IndexOf((byte)0);
        return (end < 0 ? engine : engine[..end]).SequenceEqual("sip"u8);
    }

    private void Apply(in ConnectionEntry entry, string? persistence, int number)
    {
        BackupRecord? record = entry.Key.IsTemplate ? FindTemplate(entry.Key, persistence) : FindConnection(entry.Key, persistence);
        if (record is not null && (record.Real != entry.Real || record.RealPort != entry.RealPort))
        {
            if (entry.Key.IsTemplate)
            {
                tally.Count(Rule.TemplateKeepsDestination);
            }
            else if ((entry.Flags & ConnectionFlags.IP_VS_CONN_F_INACTIVE) != 0)
            {
                tally.Count(Rule.LateExpiryIgnored);
                return;
            }
            else
            {
                tally.Count(Rule.DestinationReplaced);
                record.IsReplaced = true;
                _replaced.Add(record);
                record = null;
            }
        }

        if (record is null) record = Create(entry, persistence, number);
        else CountUpdate(record);
        record.Touch(entry, number);
    }

    private void CountUpdate(BackupRecord record)
    {
        tally.Count(record.IsReplaced ? Rule.ReplacedLivesOn : Rule.Updated);
        if (record.IsReplaced) FoundAgain.Add((record.Key.Family, record.Key.Client));
    }

    private BackupRecord Create(in ConnectionEntry entry, string? persistence, int number)
    {
        var record = new BackupRecord(entry, persistence, number);
        if ((entry.Flags & ConnectionFlags.IP_VS_CONN_F_ONE_PACKET) != 0)
        {
            tally.Count(Rule.OnePacketInvisible);
            return record;
        }

        tally.Count(entry.Key is { IsTemplate: false, ClientPort: 0 } && !record.HasNoClientPort ? Rule.NeverFoundAgain : Rule.Created);
        RecordsOf(_table, Bucket.Of(record.Key, record.Persistence)).Add(record);
        return record;
    }

    private static List<BackupRecord> RecordsOf(Dictionary<Bucket, List<BackupRecord>> table, in Bucket bucket)
    {
        if (!table.TryGetValue(bucket, out List<BackupRecord>? records)) table.Add(bucket, records = []);
        return records;
    }

    // Usually no tick occurs within a message: a record replaced by it is found, and updated, by the rest of the message.
    private void RemoveReplaced()
    {
        foreach (BackupRecord record in _replaced)
        {
            var bucket = Bucket.Of(record.Key, record.Persistence);
            if (!record.IsReplaced || !_table[bucket].Remove(record)) continue;
            Replaced.Add(record.ToString());
            RecordsOf(_removed, bucket).Add(record);
        }

        _replaced.Clear();
    }

    // This lookup does not distinguish templates, and an entry with persistence data searches where only templates are.
    private BackupRecord? FindConnection(ConnectionKey key, string? persistence) =>
        FindPort(key, persistence) ?? FindPort(key with { ClientPort = 0 }, persistence);

    private BackupRecord? FindPort(ConnectionKey key, string? persistence) => Find(
        key, persistence,
        record => record.Key with { IsTemplate = false } == key && key.ClientPort == 0 == record.HasNoClientPort);

    // With persistence data the engine compares, and ignores the client's port.
    private BackupRecord? FindTemplate(ConnectionKey key, string? persistence)
    {
        // The whole address is in the hash, except where the engine makes it.
        ConnectionKey sought = tally.Generation.SeeksWholeMark && persistence is null ? key : Comparable(key, persistence);
        return Find(
            key, persistence,
            record => record.Key.IsTemplate && record.Persistence == persistence && Comparable(record.Key, persistence) == sought);
    }

    private BackupRecord? Find(ConnectionKey key, string? persistence, Predicate<BackupRecord> matches)
    {
        var bucket = Bucket.Of(key, persistence);
        BackupRecord? found = _table.GetValueOrDefault(bucket)?.FindLast(matches);
        if (found is null && _removed.TryGetValue(bucket, out List<BackupRecord>? removed) && removed.Exists(matches))
            FoundAgain.Add((key.Family, key.Client));
        return found;
    }

    // A record keeps only the mark.
    private static ConnectionKey Comparable(ConnectionKey key, string? persistence)
    {
        if (persistence is not null) key = key with { ClientPort = 0 };
        return key is { Protocol: IpProtocol.Ip, Family: IpFamily.IPv6 } ? key with { Virtual = Mark(key.Virtual) } : key;
    }

    private static Address Mark(Address address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.CopyTo(bytes);
        bytes[4..].Clear();
        return Address.FromBytes(bytes);
    }

    private readonly record struct Bucket(string? Persistence, IpFamily Family, byte Protocol, Address Client, ushort ClientPort)
    {
        public static Bucket Of(in ConnectionKey key, string? persistence) =>
            persistence is null ? new(null, key.Family, key.Protocol, key.Client, key.ClientPort) : new(persistence, default, 0, default, 0);
    }
}
