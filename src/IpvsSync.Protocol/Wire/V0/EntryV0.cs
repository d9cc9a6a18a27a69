namespace IpvsSync.Protocol.Wire.V0;

/// <summary>Lengths and the place of the flags of a version 0 entry (spec §1.2, §1.3).</summary>
internal static class EntryV0
{
    internal const int SimpleLength = 24;
    internal const int FlagsOffset = 20;
    internal const int FullLength = SimpleLength + SequenceData.WireLength;
}
