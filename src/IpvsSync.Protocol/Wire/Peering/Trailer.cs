using IpvsSync.Protocol.Wire.V0;
using IpvsSync.Protocol.Wire.V1;

namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// What an ipvs-syncd writes behind the last entry of a message, inside the header's size, where no kernel looks (spec §2.5). All values
/// are big-endian.
/// <code>
///            0         4       10        22      23
/// unsigned   instance  number            key id  type   12 bytes: no tag, key id 0, type 1
/// signed     instance  number  tag       key id  type   24 bytes: type 2
/// </code>
/// </summary>
/// <param name="Instance">The run of the daemon that sent the message: random, new at each start.</param>
/// <param name="Number">The message's number on its lane, from 1 to <see cref="LargestNumber"/>; 0 for a message without one.</param>
/// <param name="KeyId">The key of the tag, 1 to 255. Written as 0 and read as 0 if there is no tag.</param>
/// <param name="Type">Whether there is a tag.</param>
public readonly record struct Trailer(uint Instance, ulong Number, byte KeyId, TrailerType Type)
{
    /// <summary>The length of a trailer without a tag, in bytes.</summary>
    public const int UnsignedLength = 12;

    /// <summary>The length of a trailer with a tag, in bytes.</summary>
    public const int SignedLength = 24;

    /// <summary>The length of the tag, in bytes.</summary>
    public const int TagLength = 12;

    /// <summary>The start of the tag, in bytes from the start of a signed trailer.</summary>
    public const int TagOffset = 10;

    /// <summary>The largest number that six bytes express, 2^48 - 1.</summary>
    public const ulong LargestNumber = (1UL << 48) - 1;

    /// <summary>The length of this trailer in bytes; 0 if the type is unknown.</summary>
    public int Length => LengthOf(Type);

    /// <summary>
    /// Finds the trailer of a message of either version. It checks the header and walks the entries by their lengths, without their
    /// content. What remains must be exactly a trailer; in a message of version 1 without entries, a control message, it must end with one
    /// (see <see cref="ControlReader"/>). A kernel's message has nothing there, so it never matches. Does not verify the tag. Allocates
    /// nothing, and no content of the bytes makes it throw.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="trailer">The trailer; default if there is none.</param>
    /// <param name="start">Its start in bytes from the start of the datagram, which is the end of entries or control body; 0 if none.</param>
    public static bool TryFind(ReadOnlySpan<byte> datagram, out Trailer trailer, out int start)
    {
        trailer = default;
        start = 0;
        if (datagram.Length < MessageHeader.LengthV0) return false;
        var type = (TrailerType)datagram[^1];
        int length = LengthOf(type);
        int place = datagram.Length - length;
        if (length == 0 || place < MessageHeader.LengthV0 || !IsBehindTheEntries(datagram, place)) return false;
        start = place;
        trailer = Read(datagram[place..], type);
        return true;
    }

    /// <summary>
    /// Writes a trailer behind a complete message that has none, and corrects the size in the message's header. The tag of a signed trailer
    /// is zero; its bytes start <see cref="TagOffset"/> behind <paramref name="length"/>.
    /// </summary>
    /// <param name="space">The message, and room for the trailer behind it.</param>
    /// <param name="length">The length of the message in bytes.</param>
    /// <param name="trailer">The trailer.</param>
    /// <returns>
    /// The length of the message with the trailer. If there is no complete message of that length, no room, or no such trailer (type
    /// unknown, number too large), nothing is written and <paramref name="length"/> returned.
    /// </returns>
    public static int Append(Span<byte> space, int length, in Trailer trailer)
    {
        int added = trailer.Length;
        if (added == 0 || trailer.Number > LargestNumber) return length;
        if (length < 0 || length > Math.Min(space.Length, ushort.MaxValue) - added) return length;
        if (MessageHeader.Check(space[..length], 0) != Refusal.None) return length;
        int extended = length + added;
        trailer.Write(space[length..extended]);
        MessageHeader.PatchSize(space, extended);
        return extended;
    }

    /// <summary>
    /// Whether a datagram is a whole message as a kernel sends it: its entries reach to its end, but for less than the shortest trailer.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    public static bool IsAbsent(ReadOnlySpan<byte> datagram)
    {
        if (MessageHeader.Check(datagram, 0) != Refusal.None) return false;
        SyncVersion version = MessageHeader.Version(datagram);
        int count = MessageHeader.Count(datagram, version);
        int end = version == SyncVersion.V0 ? EntryWalkV0.End(datagram, count) : EntryWalkV1.End(datagram, count);
        return end >= 0 && datagram.Length - end is >= 0 and < UnsignedLength;
    }

    private static int LengthOf(TrailerType type) => type switch
    {
        TrailerType.Unsigned => UnsignedLength,
        TrailerType.Signed => SignedLength,
        _ => 0,
    };

    private static bool IsBehindTheEntries(ReadOnlySpan<byte> datagram, int place)
    {
        if (MessageHeader.Check(datagram, 0) != Refusal.None) return false;
        SyncVersion version = MessageHeader.Version(datagram);
        int count = MessageHeader.Count(datagram, version);
        if (version == SyncVersion.V0) return EntryWalkV0.End(datagram, count) == place;
        return count == 0 ? ControlMessage.CanEndAt(datagram, place) : EntryWalkV1.End(datagram, count) == place;
    }

    private static Trailer Read(ReadOnlySpan<byte> bytes, TrailerType type)
    {
        var reader = new WireReader(bytes);
        uint instance = reader.ReadUInt32();
        ulong number = reader.ReadUInt48();
        return new Trailer(instance, number, type == TrailerType.Signed ? bytes[^2] : (byte)0, type);
    }

    private void Write(Span<byte> bytes)
    {
        var writer = new WireWriter(bytes);
        writer.WriteUInt32(Instance);
        writer.WriteUInt48(Number);
        bytes[TagOffset..].Clear();
        if (Type == TrailerType.Signed) bytes[^2] = KeyId;
        bytes[^1] = (byte)Type;
    }
}
