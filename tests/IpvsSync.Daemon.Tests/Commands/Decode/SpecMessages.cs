namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>The eight messages of spec §11, A to H, and the entries that broken ones are made of.</summary>
internal static class SpecMessages
{
    internal static readonly byte[] A = Hex("01 05 00 1c 00 06 9c 41 00 50 1f 90 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 00 00 00 01");

    internal static readonly byte[] B = Hex(
        "01 05 00 34 00 06 9c 42 00 15 00 15 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 06 00 00 01 44 33 22 11 " +
        "05 00 00 00 02 00 00 00 88 77 66 55 05 00 00 00 02 00 00 00");

    internal static readonly byte[] C = Hex(
        "00 05 00 2c 01 01 00 00 00 06 00 24 00 00 00 00 00 01 9c 41 00 50 1f 90 00 00 00 00 00 00 03 84 " +
        "c6 33 64 07 cb 00 71 0a 0a 00 00 0b");

    internal static readonly byte[] D = Sized([.. C, .. "hello"u8]);

    internal static readonly byte[] E = Hex(
        "00 05 00 50 01 01 00 00 01 11 00 48 00 00 01 83 00 00 14 e9 00 35 00 35 00 00 00 00 00 00 01 2c " +
        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07 20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 10 " +
        "20 01 0d b8 00 02 00 00 00 00 00 00 00 00 00 11");

    internal static readonly byte[] F = Hex(
        "00 05 00 82 02 01 00 00 00 11 00 39 00 00 11 00 00 00 00 00 13 c4 13 c4 00 00 00 00 00 00 01 68 " +
        "c6 33 64 00 cb 00 71 0a 0a 00 00 0b 02 0e 61 38 34 62 34 63 37 36 65 36 36 37 31 30 03 03 73 69 " +
        "70 00 00 00 00 06 00 3e 00 00 06 00 00 01 9c 42 00 15 00 15 00 00 00 00 00 00 03 84 c6 33 64 07 " +
        "cb 00 71 0a 0a 00 00 0b 01 18 11 22 33 44 00 00 00 05 00 00 00 02 55 66 77 88 00 00 00 05 00 00 00 02");

    internal static readonly byte[] G = Hex(
        "00 05 00 2c 01 01 00 00 00 00 00 24 00 00 11 03 00 01 00 00 00 00 00 00 00 00 00 07 00 00 01 2c " +
        "c6 33 65 00 00 00 00 07 0a 00 00 0b");

    internal static readonly byte[] H = Hex("00 05 00 08 00 01 00 00");

    internal static byte[][] All => [A, B, C, D, E, F, G, H];

    /// <summary>A message of one entry: that of C with options, and bytes of it changed (offsets in the message).</summary>
    internal static byte[] Changed(string options, params ReadOnlySpan<(int Offset, int Value)> changes)
    {
        byte[] bytes = [.. C, .. Hex(options)];
        bytes[11] = (byte)(bytes.Length - 8);
        foreach ((int offset, int value) in changes) bytes[offset] = (byte)value;
        return Sized(bytes);
    }

    /// <summary>Message C with another state and client port.</summary>
    internal static byte[] Tcp(byte state, ushort clientPort = 40001, byte timeout = 120) =>
        Changed("", (17, state), (18, clientPort >> 8), (19, clientPort & 0xFF), (30, 0), (31, timeout));

    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    private static byte[] Sized(byte[] bytes)
    {
        bytes[2] = (byte)(bytes.Length >> 8);
        bytes[3] = (byte)bytes.Length;
        return bytes;
    }
}
