using IpvsSync.Daemon.Counters;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>The fields of a control message of a resync; those that it lacks are 0.</summary>
internal ref struct ControlFields
{
    /// <summary>Whom it is for.</summary>
    public uint Target;

    /// <summary>The run.</summary>
    public uint Run;

    /// <summary>The highest number.</summary>
    public ulong Highest;

    /// <summary>The sender's nonce.</summary>
    public ulong Nonce;

    /// <summary>What the answer repeats.</summary>
    public uint Echo;

    /// <summary>How it ended.</summary>
    public byte Outcome;

    private ulong _first;
    private ulong _second;
    private ulong _third;

    /// <summary>A count, by its place; 0 if there is none.</summary>
    public readonly long Count(int index) => (long)Math.Min(index switch { 0 => _first, 1 => _second, _ => _third }, long.MaxValue);

    /// <summary>Reads a message.</summary>
    /// <param name="control">The message.</param>
    /// <param name="counts">Where fields are counted that are not known, or have another length.</param>
    public static ControlFields Of(ref ControlReader control, InboxCounts counts)
    {
        ControlFields fields = default;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field is < ControlField.Target or > ControlField.Padding)
                counts.NoteUnknown();
            else if (!fields.TryTake(field, value))
                counts.NoteMalformed();
        }

        return fields;
    }

    private bool TryTake(ControlField field, ReadOnlySpan<byte> value) => field switch
    {
        ControlField.Target => ControlValue.TryReadUInt32(value, out Target),
        ControlField.Run => ControlValue.TryReadUInt32(value, out Run),
        ControlField.Highest => ControlValue.TryReadNumber(value, out Highest),
        ControlField.Echo => ControlValue.TryReadUInt32(value, out Echo),
        ControlField.Nonce => ControlValue.TryReadUInt64(value, out Nonce),
        ControlField.Outcome => ControlValue.TryReadByte(value, out Outcome),
        ControlField.Counts => TryTakeCounts(value),
        _ => true,
    };

    private bool TryTakeCounts(ReadOnlySpan<byte> value)
    {
        bool isWhole = value.Length % sizeof(ulong) == 0 && ControlValue.TryTakeUInt64(ref value, out _first);
        ControlValue.TryTakeUInt64(ref value, out _second);
        ControlValue.TryTakeUInt64(ref value, out _third);
        return isWhole;
    }
}
