namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Lengths and numbers of a version 1 entry (spec §2.2, §2.3).</summary>
internal static class EntryV1
{
    /// <summary>The part before the addresses, the same for both families.</summary>
    internal const int HeadLength = 24;

    internal const int FixedLengthIPv4 = 36;
    internal const int FixedLengthIPv6 = 72;

    internal const byte TypeIPv4 = 0;
    internal const byte TypeIPv6 = 1;

    internal const int LengthOffset = 2;
    internal const int LengthMask = 0x0FFF;

    internal const int OptionHeaderLength = 2;
    internal const byte OptionIgnorable = 0x40;
    internal const byte OptionSequence = 1;
    internal const byte OptionPersistenceData = 2;
    internal const byte OptionPersistenceName = 3;

    /// <summary>Entries start at multiples of four (spec §2.4).</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
