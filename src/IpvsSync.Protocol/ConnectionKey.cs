namespace IpvsSync.Protocol;

/// <summary>
/// The identity of a connection or a persistence template (spec §6.1). The real server is not part of it. Ports and addresses share five
/// words, so that comparing and hashing read nothing else.
/// </summary>
public readonly record struct ConnectionKey
{
    private const int VirtualPortShift = 16;
    private const int ProtocolShift = 32;
    private const int FamilyShift = 40;
    private const int TemplateShift = 48;

    private readonly Address _client;
    private readonly Address _virtual;

    // From the low end: client port 16, virtual port 16, protocol 8, family 8, template 1.
    private readonly ulong _rest;

    internal ConnectionKey(
        IpFamily family, byte protocol, bool isTemplate, Address client, ushort clientPort, Address @virtual, ushort virtualPort)
    {
        _client = client;
        _virtual = @virtual;
        _rest = clientPort
            | ((ulong)virtualPort << VirtualPortShift)
            | ((ulong)protocol << ProtocolShift)
            | ((ulong)family << FamilyShift)
            | ((isTemplate ? 1UL : 0UL) << TemplateShift);
    }

    /// <summary>The family of all addresses of the connection.</summary>
    public IpFamily Family
    {
        get => (IpFamily)(byte)(_rest >> FamilyShift);
        init => _rest = Replace(_rest, FamilyShift, byte.MaxValue, (byte)value);
    }

    /// <summary>The IP protocol number (<see cref="IpProtocol"/>); 0 for a firewall-mark template.</summary>
    public byte Protocol
    {
        get => (byte)(_rest >> ProtocolShift);
        init => _rest = Replace(_rest, ProtocolShift, byte.MaxValue, value);
    }

    /// <summary>Whether this is a persistence template: client port 0, client address masked to the service's netmask.</summary>
    public bool IsTemplate
    {
        get => (_rest >> TemplateShift) != 0;
        init => _rest = Replace(_rest, TemplateShift, 1, value ? 1UL : 0UL);
    }

    /// <summary>The client's address.</summary>
    public Address Client
    {
        get => _client;
        init => _client = value;
    }

    /// <summary>The client's port, host order; 0 for a template or while it is unknown.</summary>
    public ushort ClientPort
    {
        get => (ushort)_rest;
        init => _rest = Replace(_rest, 0, ushort.MaxValue, value);
    }

    /// <summary>The service's address. In a firewall-mark template its first 32 bits are the mark (spec §2.2).</summary>
    public Address Virtual
    {
        get => _virtual;
        init => _virtual = value;
    }

    /// <summary>The service's port, host order; 0 in a firewall-mark template.</summary>
    public ushort VirtualPort
    {
        get => (ushort)(_rest >> VirtualPortShift);
        init => _rest = Replace(_rest, VirtualPortShift, ushort.MaxValue, value);
    }

    /// <summary>Whether all fields are equal.</summary>
    public bool Equals(ConnectionKey other) => _client == other._client && _virtual == other._virtual && _rest == other._rest;

    /// <summary>A hash that differs between runs: clients choose the keys and must not be able to choose the buckets.</summary>
    public override int GetHashCode() => (int)ConnectionKeyHash.OfThisRun(_client, _virtual, _rest);

    /// <summary>
    /// A hash that is the same on every machine and in every run. All 64 bits are well mixed. It selects the lane (spec §2.8).
    /// </summary>
    public ulong StableHash() => ConnectionKeyHash.Stable(_client, _virtual, _rest);

    /// <summary>
    /// The text for people: <c>TCP 198.51.100.7:40001 -> 203.0.113.10:80</c>, <c>IP 198.51.101.0:0 -> fwmark 7 (template)</c>.
    /// </summary>
    public override string ToString() => ConnectionKeyText.Format(this);

    private static ulong Replace(ulong word, int shift, ulong mask, ulong value) => (word & ~(mask << shift)) | (value << shift);
}
