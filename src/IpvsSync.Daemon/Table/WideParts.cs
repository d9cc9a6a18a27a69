using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>What of an entry does not fit <see cref="PackedRecord"/>: long addresses and sequence data.</summary>
/// <param name="Client">The client's address.</param>
/// <param name="Virtual">The service's address.</param>
/// <param name="Real">The real server's address.</param>
/// <param name="Sequence">Sequence adjustment.</param>
internal readonly record struct WideParts(Address Client, Address Virtual, Address Real, SequenceData Sequence)
{
    /// <summary>Those of <paramref name="entry"/>.</summary>
    public static WideParts Of(in ConnectionEntry entry) => new(entry.Key.Client, entry.Key.Virtual, entry.Real, entry.Sequence);

    /// <summary>Whether <paramref name="entry"/> has any.</summary>
    public static bool AreIn(in ConnectionEntry entry)
    {
        ConnectionKey key = entry.Key;
        return !PackedKey.Fits(key.Client) || !PackedKey.Fits(key.Virtual) || !PackedKey.Fits(entry.Real)
            || entry.HasSequence || entry.Sequence != default;
    }
}
