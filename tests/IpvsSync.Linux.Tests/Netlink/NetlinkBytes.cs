using System.Buffers.Binary;

namespace IpvsSync.Linux.Tests.Netlink;

/// <summary>Netlink messages and attributes in bytes, as a kernel on a little-endian machine writes them.</summary>
internal static class NetlinkBytes
{
    public static byte[] Message(ushort type, uint sequence, byte[] payload, ushort flags = 0)
    {
        byte[] message = new byte[(16 + payload.Length + 3) & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(message, 16 + payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), sequence);
        payload.CopyTo(message, 16);
        return message;
    }

    /// <summary>NLMSG_ERROR with the header of the request, capped; 0 acknowledges.</summary>
    public static byte[] Answer(uint sequence, int error, byte[]? attributes = null)
    {
        byte[] payload = [.. BitConverter.GetBytes(error), .. new byte[16], .. attributes ?? []];
        ushort flags = (ushort)(0x100 | (attributes == null ? 0 : 0x200));
        return Message(2, sequence, payload, flags);
    }

    public static byte[] Done(uint sequence, ushort flags = 2) => Message(3, sequence, [0, 0, 0, 0], flags);

    public static byte[] Attribute(ushort type, params byte[] value)
    {
        byte[] attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    /// <summary>The answer of the controller: the family IPVS has the number 0x20.</summary>
    public static byte[] FamilyAnswer(uint sequence) => Message(
        16, sequence, [1, 2, 0, 0, .. Attribute(2, "IPVS\0"u8.ToArray()), .. Attribute(1, 0x20, 0)]);
}
