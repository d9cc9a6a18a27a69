using System.Buffers.Binary;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// One record of the ring: a connection as it was when the kernel decided to tell of it. It lies in the ring's memory and is valid until
/// <see cref="IFeedRing.Release"/>.
/// </summary>
/// <remarks><code>
///  0 timeout u64, in ticks    8 flags u32    12 fwmark u32
/// 16 state u16   18 protocol u16   20 af u16   22 length of persistence data u16   24 cport   26 vport   28 dport   30 unused
/// 32 caddr 16    48 vaddr 16       64 daddr 16                                     addresses and ports in network order, all else in host order
/// 80 in_seq: init_seq, delta, previous_delta u32    92 out_seq, the same
/// 104 persistence engine's name, 16, and its data, 256: only where there are such data
/// </code></remarks>
public readonly ref struct FeedRecord
{
    internal const int TimeoutAt = 0;
    internal const int FlagsAt = 8;
    internal const int FwMarkAt = 12;
    internal const int StateAt = 16;
    internal const int ProtocolAt = 18;
    internal const int FamilyAt = 20;
    internal const int PersistenceLengthAt = 22;
    internal const int ClientPortAt = 24;
    internal const int VirtualPortAt = 26;
    internal const int DestinationPortAt = 28;
    internal const int ClientAddressAt = 32;
    internal const int VirtualAddressAt = 48;
    internal const int DestinationAddressAt = 64;
    internal const int IncomingAt = 80;
    internal const int OutgoingAt = 92;
    internal const int ShortSize = 104;
    internal const int EngineNameAt = ShortSize;
    internal const int EngineNameSize = 16;
    internal const int PersistenceAt = EngineNameAt + EngineNameSize;
    internal const int PersistenceSize = 256;
    internal const int LongSize = PersistenceAt + PersistenceSize;

    private const int AddressSize = 16;

    private readonly ReadOnlySpan<byte> _data;

    internal FeedRecord(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>Whether it is as long as one of the kinds that the program writes.</summary>
    internal bool IsWhole => _data.Length is ShortSize or LongSize;

    /// <summary>The whole timeout, not what is left of it, in ticks of the kernel (<see cref="KernelTicks"/>).</summary>
    public ulong TimeoutTicks => BinaryPrimitives.ReadUInt64LittleEndian(_data[TimeoutAt..]);

    /// <summary>All flags of the kernel's, internal ones included (spec §3.1).</summary>
    public uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(_data[FlagsAt..]);

    /// <summary>The firewall mark of the service; 0 for none.</summary>
    public uint FwMark => BinaryPrimitives.ReadUInt32LittleEndian(_data[FwMarkAt..]);

    /// <summary>The state, as the protocol numbers it.</summary>
    public ushort State => Half(StateAt);

    /// <summary>The IP protocol.</summary>
    public ushort Protocol => Half(ProtocolAt);

    /// <summary>AF_INET or AF_INET6 (linux/socket.h): 2 or 10.</summary>
    public ushort Family => Half(FamilyAt);

    /// <summary>The client's port.</summary>
    public ushort ClientPort => Port(ClientPortAt);

    /// <summary>The virtual port.</summary>
    public ushort VirtualPort => Port(VirtualPortAt);

    /// <summary>The real server's port.</summary>
    public ushort DestinationPort => Port(DestinationPortAt);

    /// <summary>16 bytes, of which IPv4 takes the first 4.</summary>
    public ReadOnlySpan<byte> ClientAddress => _data.Slice(ClientAddressAt, AddressSize);

    /// <summary>16 bytes, of which IPv4 takes the first 4.</summary>
    public ReadOnlySpan<byte> VirtualAddress => _data.Slice(VirtualAddressAt, AddressSize);

    /// <summary>16 bytes, of which IPv4 takes the first 4.</summary>
    public ReadOnlySpan<byte> DestinationAddress => _data.Slice(DestinationAddressAt, AddressSize);

    /// <summary>Bytes of persistence data; 0 for none.</summary>
    public int PersistenceLength => Half(PersistenceLengthAt);

    /// <summary>Whether the persistence data are in it. A program that may not read them says only how long they are.</summary>
    public bool HasPersistence => _data.Length == LongSize && PersistenceLength is > 0 and < PersistenceSize;

    /// <summary>The name of the engine that made the persistence data; empty without them.</summary>
    public ReadOnlySpan<byte> EngineName
    {
        get
        {
            ReadOnlySpan<byte> name = HasPersistence ? _data.Slice(EngineNameAt, EngineNameSize) : [];
            int end = name.IndexOf((byte)0);
            return end < 0 ? name : name[..end];
        }
    }

    /// <summary>The persistence data; empty without them.</summary>
    public ReadOnlySpan<byte> Persistence => HasPersistence ? _data.Slice(PersistenceAt, PersistenceLength) : [];

    /// <summary>A number of the sequence data, which count only with the flags for them.</summary>
    /// <param name="index">0 to 2: init_seq, delta, previous_delta of what comes in; 3 to 5: of what goes out.</param>
    public uint Sequence(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_data[(IncomingAt + (index * sizeof(uint)))..]);

    private ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_data[at..]);

    private ushort Port(int at) => BinaryPrimitives.ReadUInt16BigEndian(_data[at..]);
}
