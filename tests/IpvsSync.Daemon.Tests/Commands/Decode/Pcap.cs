namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>Builds a classic capture byte by byte. Packets come a second and a half apart.</summary>
internal sealed class Pcap(bool isBigEndian = false, bool isNanoseconds = false)
{
    internal const int Ethernet = 1;

    private const uint FirstSecond = 1795413662;

    private readonly NumberBytes _numbers = new(isBigEndian);

    internal byte[] Of(int linkType, params ReadOnlySpan<byte[]> packets)
    {
        List<byte> bytes =
        [
            .. _numbers.Long(isNanoseconds ? 0xA1B23C4D : 0xA1B2C3D4), .. _numbers.Short(2), .. _numbers.Short(4), .. new byte[8],
            .. _numbers.Long(65535), .. _numbers.Long((uint)linkType),
        ];
        for (int i = 0; i < packets.Length; i++) bytes.AddRange(Packet(i, packets[i]));
        return [.. bytes];
    }

    internal static byte[] OfMessages(params ReadOnlySpan<byte[]> messages)
    {
        var frames = new List<byte[]>();
        foreach (byte[] message in messages) frames.Add(Packets.Frame(message));
        return new Pcap().Of(Ethernet, [.. frames]);
    }

    private byte[] Packet(int number, byte[] packet)
    {
        uint half = (uint)(number % 2) * 500_000 + 345_678;
        uint fraction = isNanoseconds ? (half * 1000) + 9 : half;
        return
        [
            .. _numbers.Long(FirstSecond + (uint)(number * 3 / 2)), .. _numbers.Long(fraction),
            .. _numbers.Long((uint)packet.Length), .. _numbers.Long((uint)packet.Length), .. packet,
        ];
    }
}
