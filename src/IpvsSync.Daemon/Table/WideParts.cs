using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>The parts of an entry that do not fit <see cref="PackedRecord"/>: long addresses, sequence data, and the number of its persistence data.</summary>
/// <param name="Client">The client's address.</param>
/// <param name="Virtual">The service's address.</param>
/// <param name="Real">The real server's address.</param>
/// <param name="Sequence">Sequence adjustment.</param>
/// <param name="Persistence">The number of its <see cref="KeptPersistence"/>; 0 is none.</param>
internal readonly record struct WideParts(Address Client, Address Virtual, Address Real, SequenceData Sequence, ushort Persistence)
{
    /// <summary>The wide parts of <paramref name="entry"/>.</summary>
    public static WideParts Of(in ConnectionEntry entry, ushort persistence)
        => new(entry.Key.Client, entry.Key.Virtual, entry.Real, entry.Sequence, persistence);

    /// <summary>Whether <paramref name="entry"/> has wide parts.</summary>
    public static bool AreIn(in ConnectionEntry entry)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        ulong high = key.Client.High | key.Virtual.High | entry.Real.High;
        ulong low = key.Client.Low | key.Virtual.Low | entry.Real.Low;
        return (high | (low >> 32)) != 0 || entry.HasSequence || IsAny(entry.Sequence);
    }

    // Comparing with the default would copy both.
    private static bool IsAny(in SequenceData data)
        => (data.InInitSeq | data.InDelta | data.InPreviousDelta | data.OutInitSeq | data.OutDelta | data.OutPreviousDelta) != 0;
}
