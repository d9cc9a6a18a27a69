namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>What the value of a control message's field is.</summary>
internal enum FieldShape
{
    /// <summary>Not what the field should hold.</summary>
    Malformed,

    /// <summary>Bytes, or the value of an unknown field.</summary>
    Bytes,

    /// <summary>One number.</summary>
    Number,

    /// <summary>A list of numbers.</summary>
    List,

    /// <summary>Ranges of numbers.</summary>
    Ranges,

    /// <summary>Sums of consecutive cells.</summary>
    Sums,
}
