using System.Buffers.Binary;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Builds a capture of raw IP packets from messages.</summary>
internal static class CaptureBytes
{
    private const int Headers = 28;

    internal static byte[] Of(byte[][] messages)
    {
        List<byte> bytes = [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4, .. new byte[8], 0, 0, 0xFF, 0xFF, 0, 0, 0, 101];
        foreach (byte[] message in messages) Add(bytes, message);
        return [.. bytes];
    }

    private static void Add(List<byte> bytes, byte[] message)
    {
        byte[] length = Word(message.Length + Headers);
        bytes.AddRange([.. new byte[8], 0, 0, .. length, 0, 0, .. length]);
        bytes.AddRange([0x45, 0, .. length, 0, 0, 0, 0, 1, IpProtocol.Udp, 0, 0, 10, 2, 0, 1, 224, 0, 0, 81]);
        bytes.AddRange([.. Word(50000), .. Word(8848), .. Word(message.Length + 8), 0, 0, .. message]);
    }

    private static byte[] Word(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
