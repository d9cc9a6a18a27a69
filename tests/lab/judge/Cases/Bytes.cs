using System.Buffers.Binary;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Builds valid and invalid messages by hand, independent of the writer (spec §1, §2).</summary>
internal static class Bytes
{
    public const int HeaderV0 = 4;
    public const int HeaderV1 = 8;
    private const int SizeOffset = 2;

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A version 1 message. All entries except the last are padded to four bytes; their length fields stay unchanged.</summary>
    public static byte[] V1(params ReadOnlySpan<byte[]> entries)
    {
        List<byte> message = [0, Kernel.Backup.SyncId, 0, 0, (byte)entries.Length, 1, 0, 0];
        foreach (byte[] entry in entries)
        {
            while (message.Count % 4 != 0) message.Add(0);
            message.AddRange(entry);
        }

        return Sized(message);
    }

    public static byte[] V0(params ReadOnlySpan<byte[]> entries)
    {
        List<byte> message = [(byte)entries.Length, Kernel.Backup.SyncId, 0, 0];
        foreach (byte[] entry in entries) message.AddRange(entry);
        return Sized(message);
    }

    public static byte[] Sized(IEnumerable<byte> message)
    {
        byte[] bytes = [.. message];
        if (bytes.Length >= HeaderV0) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(SizeOffset), (ushort)bytes.Length);
        return bytes;
    }
}
