namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>Builds the blocks of a newer capture byte by byte.</summary>
internal sealed class Pcapng(bool isBigEndian = false)
{
    private readonly NumberBytes _numbers = new(isBigEndian);

    internal byte[] Section() =>
        Block(
            0x0A0D0D0A, [.. _numbers.Long(0x1A2B3C4D), .. _numbers.Short(1), .. _numbers.Short(0), .. _numbers.Quad(ulong.MaxValue)]);

    /// <summary>An interface; options as (code, value).</summary>
    internal byte[] Interface(int linkType, uint snapLength, params ReadOnlySpan<(int Code, byte[] Value)> options)
    {
        List<byte> body = [.. _numbers.Short(linkType), 0, 0, .. _numbers.Long(snapLength)];
        foreach ((int code, byte[] value) in options)
            body.AddRange([.. _numbers.Short(code), .. _numbers.Short(value.Length), .. Padded(value)]);
        if (options.Length > 0) body.AddRange(new byte[4]);
        return Block(1, [.. body]);
    }

    internal byte[] Enhanced(uint from, ulong time, byte[] packet) => Block(
        6,
        [
            .. _numbers.Long(from), .. _numbers.Long((uint)(time >> 32)), .. _numbers.Long((uint)time),
            .. _numbers.Long((uint)packet.Length), .. _numbers.Long((uint)packet.Length), .. packet,
        ]);

    internal byte[] Simple(byte[] packet, int kept = int.MaxValue) =>
        Block(3, [.. _numbers.Long((uint)packet.Length), .. packet.AsSpan(0, Math.Min(kept, packet.Length))]);

    internal byte[] Block(uint type, byte[] body)
    {
        byte[] padded = Padded(body);
        byte[] length = _numbers.Long((uint)padded.Length + 12);
        return [.. _numbers.Long(type), .. length, .. padded, .. length];
    }

    internal byte[] Quad(ulong value) => _numbers.Quad(value);

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];
}
