namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>Consecutive numbers of messages.</summary>
/// <param name="First">The first number, at least 1.</param>
/// <param name="Count">How many, at least 1.</param>
public readonly record struct NumberRange(ulong First, ushort Count)
{
    /// <summary>The most ranges in one message.</summary>
    public const int MaxRanges = 170;

    /// <summary>The length of a range on the wire, in bytes.</summary>
    public const int WireLength = 8;

    /// <summary>The last number.</summary>
    public ulong Last => First + Count - 1;

    /// <summary>Whether the range has numbers, and all of them are numbers of messages.</summary>
    public bool IsValid =>
        First is >= 1 and <= Trailer.LargestNumber && Count >= 1 && Last <= Trailer.LargestNumber;
}
