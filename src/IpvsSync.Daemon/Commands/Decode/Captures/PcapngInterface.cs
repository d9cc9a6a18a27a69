namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// The content of an interface description block, which applies to the packets of that interface.
/// <code>
/// 0 link type  2 reserved  4 snap length (0: none)  8 options: { 0 code  2 length  4 value, padded to four } ... code 0
/// </code>
/// </summary>
/// <param name="LinkType">The type of the header before the IP header.</param>
/// <param name="SnapLength">The maximum number of bytes of a packet that were kept; 0 for all.</param>
/// <param name="UnitsPerSecond">The unit of the interface's times; microseconds unless an option sets another.</param>
/// <param name="OffsetSeconds">The seconds to add to its times.</param>
internal readonly record struct PcapngInterface(int LinkType, uint SnapLength, ulong UnitsPerSecond, long OffsetSeconds)
{
    private const int FixedLength = 8;
    private const int OptionHeaderLength = 4;
    private const int EndOfOptions = 0;
    private const int TimeResolution = 9;
    private const int TimeOffset = 14;
    private const byte PowerOfTwo = 0x80;
    private const ulong Microseconds = 1_000_000;

    /// <summary>Reads the body of the block; null if it is too short.</summary>
    public static PcapngInterface? Parse(ReadOnlySpan<byte> body, FieldOrder order)
    {
        if (body.Length < FixedLength) return null;
        var description = new PcapngInterface(order.UInt16(body, 0), order.UInt32(body, 4), Microseconds, 0);
        ReadOnlySpan<byte> options = body[FixedLength..];
        while (options.Length >= OptionHeaderLength)
        {
            int code = order.UInt16(options, 0);
            int length = order.UInt16(options, 2);
            if (code == EndOfOptions || length > options.Length - OptionHeaderLength) break;
            description = description.With(code, options.Slice(OptionHeaderLength, length), order);
            options = options[Math.Min(options.Length, OptionHeaderLength + ((length + 3) & ~3))..];
        }

        return description;
    }

    private PcapngInterface With(int code, ReadOnlySpan<byte> value, FieldOrder order) => code switch
    {
        TimeResolution when value.Length == 1 => this with { UnitsPerSecond = Units(value[0]) },
        TimeOffset when value.Length == sizeof(long) => this with { OffsetSeconds = (long)order.UInt64(value, 0) },
        _ => this,
    };

    // No clock has units that do not fit 64 bits; such a value counts as microseconds.
    private static ulong Units(byte resolution)
    {
        int exponent = resolution & ~PowerOfTwo;
        if ((resolution & PowerOfTwo) != 0) return exponent < 64 ? 1UL << exponent : Microseconds;
        if (exponent > 19) return Microseconds;
        ulong units = 1;
        for (int i = 0; i < exponent; i++) units *= 10;
        return units;
    }
}
