using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>One entry with everything to print. Spans refer to the capture's buffer.</summary>
internal readonly ref struct EntryView
{
    /// <summary>The version of the message.</summary>
    public required SyncVersion Version { get; init; }

    /// <summary>The start of the entry, in bytes from the start of the datagram; beyond its end if padding is missing.</summary>
    public required int Offset { get; init; }

    /// <summary>The entry; default if refused.</summary>
    public required ConnectionEntry Entry { get; init; }

    /// <summary>The flags as received.</summary>
    public required ConnectionFlags WireFlags { get; init; }

    /// <summary>Persistence data, if any.</summary>
    public required PersistenceData Persistence { get; init; }

    /// <summary>The reason of the refusal, if it is refused.</summary>
    public required Refusal Refusal { get; init; }

    /// <summary>The whole datagram.</summary>
    public required ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>How the entry follows the connection's previous one; only for a valid entry.</summary>
    public StateStep Step { get; init; }

    /// <summary>The bytes of the entry that are present; if the rest of the message is lost, all of that rest.</summary>
    public ReadOnlySpan<byte> Bytes => Refusal.Scope() == RefusalScope.RestOfMessage && Refusal != Refusal.None
        ? Datagram[Start..]
        : Datagram[Start..WireLayout.EntryEnd(Version, Datagram, Offset)];

    /// <summary>The options, including unknown ones; none in version 0.</summary>
    public OptionWalker Options => new(Datagram, Offset, Version);

    private int Start => Math.Min(Offset, Datagram.Length);
}
