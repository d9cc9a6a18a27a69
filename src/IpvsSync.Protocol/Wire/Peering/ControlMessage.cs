using IpvsSync.Protocol.Wire.V1;

namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>Lengths of a control message, in the layout that <see cref="ControlReader"/> shows.</summary>
internal static class ControlMessage
{
    internal const int KindOffset = MessageHeader.LengthV1;
    internal const int FlagsOffset = KindOffset + 1;

    /// <summary>Header, kind and flags.</summary>
    internal const int HeadLength = FlagsOffset + 1;

    /// <summary>Type and length of a field.</summary>
    internal const int FieldHeadLength = 3;

    /// <summary>
    /// The longest control message, trailer included. From the next byte on, a count of 0 can be a kernel's 256 entries (spec §2.7).
    /// </summary>
    internal const int LongestLength = MessageHeader.LengthV1 + (256 * EntryV1.FixedLengthIPv4) - 1;

    /// <summary>Whether a trailer at <paramref name="place"/> can end a message of version 1 whose count is 0.</summary>
    internal static bool CanEndAt(ReadOnlySpan<byte> message, int place) =>
        place >= MessageHeader.LengthV1 && message.Length <= LongestLength;
}
