namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Builds valid and invalid messages by hand, independent of the writer under test.</summary>
internal static class MessageBytes
{
    /// <summary>The valid IPv4 entry of spec §11 C, in hex.</summary>
    internal const string Good = Vectors.EntryC;

    /// <summary>
    /// A version 1 message of entries given in hex. Their length fields stay unchanged; all entries except the last are padded to four
    /// bytes.
    /// </summary>
    internal static byte[] V1(params ReadOnlySpan<string> entries)
    {
        List<byte> bytes = [0, Vector.SyncId, 0, 0, (byte)entries.Length, 1, 0, 0];
        foreach (string entry in entries)
        {
            while (bytes.Count % 4 != 0) bytes.Add(0);
            bytes.AddRange(Hex(entry));
        }

        return WithSize(bytes);
    }

    /// <summary>A version 0 message of entries given in hex.</summary>
    internal static byte[] V0(params ReadOnlySpan<string> entries)
    {
        List<byte> bytes = [(byte)entries.Length, Vector.SyncId, 0, 0];
        foreach (string entry in entries) bytes.AddRange(Hex(entry));
        return WithSize(bytes);
    }

    /// <summary>The valid IPv4 entry with options and a corrected length field.</summary>
    internal static string WithOptions(string options)
    {
        byte[] entry = [.. Hex(Good), .. Hex(options)];
        return WithLength(Convert.ToHexString(entry), entry.Length);
    }

    internal static string WithLength(string entry, int length) => With(entry, (2, (byte)(length >> 8)), (3, (byte)length));

    internal static string With(string entry, params ReadOnlySpan<(int Offset, int Value)> changes)
    {
        byte[] bytes = Hex(entry);
        foreach ((int offset, int value) in changes) bytes[offset] = (byte)value;
        return Convert.ToHexString(bytes);
    }

    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    internal static byte[] Sized(this byte[] bytes) => WithSize([.. bytes]);

    internal static byte[] WithSize(List<byte> bytes)
    {
        bytes[2] = (byte)(bytes.Count >> 8);
        bytes[3] = (byte)bytes.Count;
        return [.. bytes];
    }
}
