using System.Buffers.Binary;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>Numbers as bytes in one of the two orders.</summary>
internal sealed class NumberBytes(bool isBigEndian)
{
    internal byte[] Short(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return Ordered(bytes);
    }

    internal byte[] Long(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Ordered(bytes);
    }

    internal byte[] Quad(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Ordered(bytes);
    }

    private byte[] Ordered(byte[] bytes)
    {
        if (!isBigEndian) Array.Reverse(bytes);
        return bytes;
    }
}
