namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// A field of a control message, a type-length-value block. A receiver skips and counts fields that it does not know. All values are
/// big-endian.
/// </summary>
public enum ControlField : byte
{
    /// <summary>4 bytes: the instance that the message is about or meant for.</summary>
    Target = 1,

    /// <summary>6 bytes: the highest number.</summary>
    Highest = 2,

    /// <summary>At most <see cref="NumberRange.MaxRanges"/> ranges of 8 bytes: first 6, count 2; the count is at least 1.</summary>
    Ranges = 3,

    /// <summary>8 to 16 random bytes.</summary>
    Nonce = 4,

    /// <summary>4 bytes: the run of a resync.</summary>
    Run = 5,

    /// <summary>8 bytes: how far a run has come in the teacher's table.</summary>
    Cursor = 6,

    /// <summary>1 byte: why.</summary>
    Reason = 7,

    /// <summary>Counts of 8 bytes each.</summary>
    Counts = 8,

    /// <summary>2 bytes, the first cell; then a sum of 8 bytes for it and each that follows.</summary>
    Sums = 9,

    /// <summary>Cells of 2 bytes each.</summary>
    Cells = 10,

    /// <summary>1 byte: how it ended.</summary>
    Outcome = 11,

    /// <summary>4 bytes that the answer repeats, to measure the time between.</summary>
    Echo = 12,

    /// <summary>Any length and content: it makes the message as large as another one.</summary>
    Padding = 13,
}
