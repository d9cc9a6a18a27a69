using System.Diagnostics.CodeAnalysis;

namespace IpvsSync.Protocol;

/// <summary>
/// One connection or template as a sync message of either version describes it (spec §1.2, §2.2). Persistence data is separate because it
/// has no fixed size: see <see cref="PersistenceData"/>.
/// </summary>
public readonly record struct ConnectionEntry
{
    // The members are in memory order, widest first: 104 bytes in all.

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

    /// <summary>The key that identifies the connection.</summary>
    public ConnectionKey Key
    {
        get => _key;
        init => _key = value;
    }

    /// <summary>The real server's address.</summary>
    public Address Real { get; init; }

    /// <summary>Sequence adjustment; meaningful only with <see cref="HasSequence"/>.</summary>
    public SequenceData Sequence { get; init; }

    /// <summary>The flags, masked by the reader. The template bit always agrees with <see cref="ConnectionKey.IsTemplate"/>.</summary>
    public ConnectionFlags Flags { get; init; }

    /// <summary>The firewall mark of the packet that created the connection; version 0 carries none.</summary>
    public uint Fwmark { get; init; }

    /// <summary>
    /// The connection's full timeout in seconds, not the remaining time; 0 means the receiver's default. Version 0 carries none.
    /// </summary>
    public uint Timeout { get; init; }

    /// <summary>The real server's port, host order.</summary>
    public ushort RealPort { get; init; }

    /// <summary>The state; the numbers depend on the protocol (<see cref="ConnectionState"/>).</summary>
    public ushort State { get; init; }

    /// <summary>Whether the entry carries <see cref="Sequence"/>.</summary>
    public bool HasSequence { get; init; }

    /// <summary>A reference to the key, for reading without a copy of its 40 bytes.</summary>
    [UnscopedRef]
    public ref readonly ConnectionKey KeyInPlace => ref _key;
}
