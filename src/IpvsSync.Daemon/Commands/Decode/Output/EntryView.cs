using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>One entry with all that is to be told of it. Spans point into the capture's buffer.</summary>
internal readonly ref struct EntryView
{
    /// <summary>The version of the message.</summary>
    public required SyncVersion Version { get; init; }

    /// <summary>Where the entry starts, in bytes from the start of the datagram; past its end if padding should have come first.</summary>
    public required int Offset { get; init; }

    /// <summary>The entry; default if refused.</summary>
    public required ConnectionEntry Entry { get; init; }

    /// <summary>The flags as received.</summary>
    public required ConnectionFlags WireFlags { get; init; }

    /// <summary>Persistence data, if any.</summary>
    public required PersistenceData Persistence { get; init; }

    /// <summary>Why it is refused, if it is.</summary>
    public required Refusal Refusal { get; init; }

    /// <summary>The whole datagram.</summary>
    public required ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>What the entry changes in what was known of the connection; only of a good entry.</summary>
    public StateStep Step { get; init; }

    /// <summary>The entry's bytes as far as they are there; if the rest of the message is lost, all of that.</summary>
    public ReadOnlySpan<byte> Bytes => Refusal.Scope() == RefusalScope.RestOfMessage && Refusal != Refusal.None
        ? Datagram[Start..]
        : Datagram[Start..WireLayout.EntryEnd(Version, Datagram, Offset)];

    /// <summary>Its options, those without a meaning included; none in version 0.</summary>
    public OptionWalker Options => new(Datagram, Offset, Version);

    private int Start => Math.Min(Offset, Datagram.Length);
}
