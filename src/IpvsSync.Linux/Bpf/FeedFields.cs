using System.Text;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// Where this kernel's IPVS has what the program reads. The function, its parameters and every member are asked for by name, and must be of
/// the expected size: a kernel in which one is not is unknown.
/// </summary>
internal sealed class FeedFields
{
    private readonly List<FieldCopy> _copies = [];
    private string? _fault;

    private FeedFields(BtfTypes types)
    {
        BtfType function = types.Find(BtfKind.Function, "ip_vs_sync_conn_needed"u8);
        Function = function.Number;
        BtfType prototype = function.Target;
        CheckPrototype(prototype);
        BtfType connection = Structure(prototype.Parameter(1), "ip_vs_conn"u8);
        FindNamespace(Structure(prototype.Parameter(0), "netns_ipvs"u8));
        FindAddresses(connection);
        FindRest(connection);
        FindSequences(connection);
        FindPersistence(connection);
    }

    /// <summary>The number of the function in the module's types.</summary>
    public int Function { get; }

    /// <summary>Bytes from the start of struct netns_ipvs to the pointer to its network namespace.</summary>
    public int Net { get; private set; }

    /// <summary>Bytes from the start of struct net to its cookie.</summary>
    public int NetCookie { get; private set; }

    /// <summary>Bytes from the start of struct ip_vs_conn to the pointer to its persistence engine.</summary>
    public int Engine { get; private set; }

    /// <summary>Bytes from the start of struct ip_vs_pe to the pointer to its name.</summary>
    public int EngineName { get; private set; }

    /// <summary>Bytes from the start of struct ip_vs_conn to the pointer to the persistence data.</summary>
    public int Persistence { get; private set; }

    /// <summary>Bytes from the start of struct ip_vs_conn to their length, one byte.</summary>
    public int PersistenceLength { get; private set; }

    /// <summary>What is copied as it is.</summary>
    public IReadOnlyList<FieldCopy> Copies => _copies;

    /// <summary>Finds everything.</summary>
    /// <returns>Null, with the first thing that is missing, if this IPVS is unknown.</returns>
    public static FeedFields? Find(BtfTypes types, out string? missing)
    {
        var fields = new FeedFields(types);
        missing = fields._fault;
        return missing is null ? fields : null;
    }

    private void CheckPrototype(BtfType prototype)
    {
        if (prototype.Kind != BtfKind.Prototype)
            Miss("function ip_vs_sync_conn_needed");
        else if (prototype.Count != 3 || !IsInt(prototype.Parameter(2)) || !IsInt(prototype.Target))
            Miss("ip_vs_sync_conn_needed with three parameters");

        static bool IsInt(BtfType type) => type.Plain.Kind == BtfKind.Int && type.Size == sizeof(int);
    }

    private BtfType Structure(BtfType pointer, ReadOnlySpan<byte> name)
    {
        BtfType structure = pointer.PointedStruct;
        if (!structure.Name.SequenceEqual(name))
            Miss($"struct {Encoding.UTF8.GetString(name)}");
        return structure;
    }

    private void FindNamespace(BtfType ipvs)
    {
        BtfMember net = Need(ipvs, "net"u8, BtfKind.Pointer, sizeof(ulong));
        Net = (int)net.Offset;
        NetCookie = (int)Need(net.Type.PointedStruct, "net_cookie"u8, BtfKind.Int, sizeof(ulong)).Offset;
    }

    private void FindAddresses(BtfType connection)
    {
        const int AddressSize = 16;
        CopyWords(Need(connection, "caddr"u8, BtfKind.Union, AddressSize).Offset, AddressSize, FeedRecord.ClientAddressAt);
        CopyWords(Need(connection, "vaddr"u8, BtfKind.Union, AddressSize).Offset, AddressSize, FeedRecord.VirtualAddressAt);
        CopyWords(Need(connection, "daddr"u8, BtfKind.Union, AddressSize).Offset, AddressSize, FeedRecord.DestinationAddressAt);
        Copy(connection, "cport"u8, FeedRecord.ClientPortAt, sizeof(ushort), sizeof(ushort));
        Copy(connection, "vport"u8, FeedRecord.VirtualPortAt, sizeof(ushort), sizeof(ushort));
        Copy(connection, "dport"u8, FeedRecord.DestinationPortAt, sizeof(ushort), sizeof(ushort));
    }

    private void FindRest(BtfType connection)
    {
        Copy(connection, "timeout"u8, FeedRecord.TimeoutAt, sizeof(ulong), sizeof(ulong));
        Copy(connection, "flags"u8, FeedRecord.FlagsAt, sizeof(uint), sizeof(uint));
        Copy(connection, "fwmark"u8, FeedRecord.FwMarkAt, sizeof(uint), sizeof(uint));
        // Kernels differ in the width of these.
        Copy(connection, "state"u8, FeedRecord.StateAt, sizeof(byte), sizeof(ushort));
        Copy(connection, "protocol"u8, FeedRecord.ProtocolAt, sizeof(byte), sizeof(ushort));
        Copy(connection, "af"u8, FeedRecord.FamilyAt, sizeof(byte), sizeof(ushort));
    }

    private void FindSequences(BtfType connection)
    {
        const int SequenceSize = 12;
        FindSequence(Need(connection, "in_seq"u8, BtfKind.Struct, SequenceSize), FeedRecord.IncomingAt);
        FindSequence(Need(connection, "out_seq"u8, BtfKind.Struct, SequenceSize), FeedRecord.OutgoingAt);
    }

    private void FindSequence(BtfMember sequence, int to)
    {
        BtfType type = sequence.Type.Plain;
        CopyWords(sequence.Offset + Need(type, "init_seq"u8, BtfKind.Int, sizeof(uint)).Offset, sizeof(uint), to);
        CopyWords(sequence.Offset + Need(type, "delta"u8, BtfKind.Int, sizeof(uint)).Offset, sizeof(uint), to + sizeof(uint));
        CopyWords(sequence.Offset + Need(type, "previous_delta"u8, BtfKind.Int, sizeof(uint)).Offset, sizeof(uint), to + (2 * sizeof(uint)));
    }

    private void FindPersistence(BtfType connection)
    {
        BtfMember engine = Need(connection, "pe"u8, BtfKind.Pointer, sizeof(ulong));
        Engine = (int)engine.Offset;
        EngineName = (int)Need(engine.Type.PointedStruct, "name"u8, BtfKind.Pointer, sizeof(ulong)).Offset;
        Persistence = (int)Need(connection, "pe_data"u8, BtfKind.Pointer, sizeof(ulong)).Offset;
        PersistenceLength = (int)Need(connection, "pe_data_len"u8, BtfKind.Int, sizeof(byte)).Offset;
        _copies.Add(new FieldCopy(PersistenceLength, sizeof(byte), FeedRecord.PersistenceLengthAt, sizeof(ushort)));
    }

    private void Copy(BtfType connection, ReadOnlySpan<byte> name, int to, int least, int most)
    {
        BtfMember member = Need(connection, name, BtfKind.Int, least, most);
        _copies.Add(new FieldCopy((int)member.Offset, (int)member.Type.Size, to, most));
    }

    /// <summary>The verifier lets no load span two members, so what has members is copied in the size of these.</summary>
    private void CopyWords(long from, int size, int to)
    {
        for (int done = 0; done < size; done += sizeof(uint))
            _copies.Add(new FieldCopy((int)from + done, sizeof(uint), to + done, sizeof(uint)));
    }

    private BtfMember Need(BtfType structure, ReadOnlySpan<byte> name, BtfKind kind, int size) => Need(structure, name, kind, size, size);

    private BtfMember Need(BtfType structure, ReadOnlySpan<byte> name, BtfKind kind, int least, int most)
    {
        BtfMember member = BtfMember.Find(structure, name) ?? default;
        if (member.Type.Plain.Kind != kind || member.IsBits || member.Type.Size < least || member.Type.Size > most || !IsWidth(member)
            || member.Offset + member.Type.Size > Math.Min(structure.Size, short.MaxValue))
            Miss($"member {Encoding.UTF8.GetString(name)} of {structure}");
        return member;
    }

    /// <summary>Whether an instruction loads a number of this size.</summary>
    private static bool IsWidth(BtfMember member) => member.Type.Plain.Kind != BtfKind.Int || member.Type.Size is 1 or 2 or 4 or 8;

    private void Miss(string what) => _fault ??= what;
}
