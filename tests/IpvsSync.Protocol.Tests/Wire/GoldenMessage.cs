using System.Buffers.Binary;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>
/// One datagram of a capture in <c>Golden/</c>, sent by a real kernel's master. <c>Golden/README.md</c> describes how each capture was
/// made.
/// </summary>
public sealed record GoldenMessage(string Capture, int Number, byte[] Bytes)
{
    private const int FileHeader = 24;
    private const int PacketHeader = 16;
    private const int LengthInPacketHeader = 8;

    // Ethernet, IPv4 without options and UDP, as written by tcpdump.
    private const int Headers = 14 + 20 + 8;

    internal static IEnumerable<GoldenMessage> All() => In("Golden");

    /// <summary>The captures of ipvs-syncd's own messages in <c>Golden/Peering/</c>.</summary>
    internal static IEnumerable<GoldenMessage> Peering() => In(Path.Combine("Golden", "Peering"));

    public override string ToString() => $"{Capture} {Number}";

    private static IEnumerable<GoldenMessage> In(string folder) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.pcap").Order(StringComparer.Ordinal).SelectMany(Read);

    private static IEnumerable<GoldenMessage> Read(string path)
    {
        byte[] capture = File.ReadAllBytes(path);
        int number = 0;
        for (int at = FileHeader; at < capture.Length; number++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(capture.AsSpan(at + LengthInPacketHeader));
            at += PacketHeader;
            yield return new GoldenMessage(Path.GetFileNameWithoutExtension(path), number, capture[(at + Headers)..(at + length)]);
            at += length;
        }
    }
}
