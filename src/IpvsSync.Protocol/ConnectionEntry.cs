using System.Diagnostics.CodeAnalysis;

namespace IpvsSync.Protocol;

/// <summary>
/// One connection or template as a sync message describes it, of either version (spec §1.2, §2.2).
/// Persistence data is not in here: it has no fixed size, see <see cref="PersistenceData"/>.
/// </summary>
public readonly record struct ConnectionEntry
{
    // The order of the members is the order in memory: widest first, 104 bytes in all.

    private readonly ConnectionKey _key;

    internal ConnectionEntry(
        in ConnectionKey key, Address real, ushort realPort, ConnectionFlags flags, ushort state, uint fwmark, uint timeout)
    {
        _key = key;
        Real = real;
        Flags = flags;
        Fwmark = fwmark;
        Timeout = timeout;
        RealPort = realPort;
        State = state;
    }

    /// <summary>Which connection this is.</summary>
    public ConnectionKey Key
    {
        get => _key;
        init => _key = value;
    }

    /// <summary>The real server's address.</summary>
    public Address Real { get; init; }

    /// <summary>Sequence adjustment; meaningful only with <see cref="HasSequence"/>.</summary>
    public SequenceData Sequence { get; init; }

    /// <summary>The flags. A reader has masked them; the template bit always agrees with <see cref="ConnectionKey.IsTemplate"/>.</summary>
    public ConnectionFlags Flags { get; init; }

    /// <summary>The firewall mark of the packet that created the connection; version 0 carries none.</summary>
    public uint Fwmark { get; init; }

    /// <summary>
    /// The connection's full timeout in seconds, not what is left of it; 0 is the receiver's default. Version 0 carries none.
    /// </summary>
    public uint Timeout { get; init; }

    /// <summary>The real server's port, host order.</summary>
    public ushort RealPort { get; init; }

    /// <summary>The state, a number per protocol (<see cref="ConnectionState"/>).</summary>
    public ushort State { get; init; }

    /// <summary>Whether the entry carries <see cref="Sequence"/>.</summary>
    public bool HasSequence { get; init; }

    /// <summary>The key where it lies, for reading without copying its 40 bytes.</summary>
    [UnscopedRef]
    public ref readonly ConnectionKey KeyInPlace => ref _key;
}
