using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Generates entries that a version can carry; the same seed gives the same entries.</summary>
internal sealed class EntryGenerator(int seed)
{
    private static readonly byte[] _protocols = [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Ah, IpProtocol.Esp];

#pragma warning disable CA5394 // Test data must be repeatable, not unguessable.
    private readonly Random _random = new(seed);

    internal byte[] Engine { get; private set; } = [];

    internal byte[] Data { get; private set; } = [];

    internal ConnectionEntry Next(SyncVersion version)
    {
        bool isTemplate = _random.Next(4) == 0;
        IpFamily family = version == SyncVersion.V1 && Coin() ? IpFamily.IPv6 : IpFamily.IPv4;
        byte protocol = isTemplate ? (byte)_random.Next(256) : _protocols[_random.Next(_protocols.Length)];
        ConnectionFlags flags = Flags(isTemplate);
        bool sequenceFlags = (flags & ConnectionFlags.IP_VS_CONN_F_SEQ_MASK) != 0;
        bool hasSequence = version == SyncVersion.V0 ? sequenceFlags : Coin();
        NextPersistence(version);
        return new ConnectionEntry
        {
            Key = new ConnectionKey
            {
                Family = family,
                Protocol = protocol,
                IsTemplate = isTemplate,
                Client = Address(family),
                ClientPort = (ushort)_random.Next(isTemplate ? 0 : 1, 65536),
                Virtual = Address(family),
                VirtualPort = Word(),
            },
            Real = Address(family),
            RealPort = Word(),
            Flags = flags,
            State = (ushort)_random.Next(isTemplate ? ConnectionState.TemplateStateCount : ConnectionState.StateCount(protocol)),
            Fwmark = version == SyncVersion.V1 ? DoubleWord() : 0,
            Timeout = version == SyncVersion.V1 ? DoubleWord() : 0,
            HasSequence = hasSequence,
            Sequence = hasSequence ? Sequence() : default,
        };
    }

    private ConnectionFlags Flags(bool isTemplate)
    {
        ConnectionFlags flags = (ConnectionFlags)DoubleWord() & ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_MASK;
        return isTemplate
            ? (flags | ConnectionFlags.IP_VS_CONN_F_TEMPLATE) & ~ConnectionFlags.IP_VS_CONN_F_NO_CPORT
            : flags & ~ConnectionFlags.IP_VS_CONN_F_TEMPLATE;
    }

    private SequenceData Sequence() => new(DoubleWord(), DoubleWord(), DoubleWord(), DoubleWord(), DoubleWord(), DoubleWord());

    private void NextPersistence(SyncVersion version)
    {
        bool any = version == SyncVersion.V1 && Coin();
        Engine = any ? Bytes(_random.Next(1, PersistenceData.MaxEngineLength + 1)) : [];
        Data = any ? Bytes(_random.Next(1, PersistenceData.MaxDataLength + 1)) : [];
    }

    private Address Address(IpFamily family) => Protocol.Address.FromBytes(Bytes(family == IpFamily.IPv6 ? 16 : 4));

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private bool Coin() => _random.Next(2) == 0;

    private ushort Word() => (ushort)_random.Next(65536);

    private uint DoubleWord() => (uint)_random.NextInt64(1L << 32);
#pragma warning restore CA5394
}
