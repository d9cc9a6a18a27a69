namespace IpvsSync.Daemon.Tests.Commands.Decode;

public sealed class PacketTests
{
    private const int FirstFragment = 0x2000;

    private static readonly byte[] _packet = Packets.IPv4(Packets.Udp(SpecMessages.C));
    private static readonly byte[] _packet6 = Packets.IPv6(17, Packets.Udp(SpecMessages.C));

    public static TheoryData<string, int, byte[]> LinkTypes => new()
    {
        { "Ethernet", 1, Packets.Ethernet(_packet) },
        { "Ethernet, IPv6", 1, Packets.Ethernet(_packet6, 0x86DD) },
        { "Ethernet, padded", 1, [.. Packets.Ethernet(_packet), 0xEE, 0xEE] },
        { "VLAN", 1, Packets.Ethernet(Packets.Tag(_packet), 0x8100) },
        { "two tags", 1, Packets.Ethernet(Packets.Tag(Packets.Tag(_packet), 0x8100), 0x88A8) },
        { "null, little-endian", 0, [2, 0, 0, 0, .. _packet] },
        { "null, big-endian", 0, [0, 0, 0, 2, .. _packet] },
        { "null, IPv6 of FreeBSD", 0, [28, 0, 0, 0, .. _packet6] },
        { "loop", 108, [0, 0, 0, 2, .. _packet] },
        { "raw", 101, _packet },
        { "raw IPv6", 101, _packet6 },
        { "raw, BSD", 12, _packet },
        { "raw, OpenBSD", 14, _packet },
        { "IPv4", 228, _packet },
        { "IPv6", 229, _packet6 },
        { "cooked", 113, Packets.Cooked(_packet) },
        { "cooked, IPv6", 113, Packets.Cooked(_packet6, 0x86DD) },
        { "cooked, VLAN", 113, Packets.Cooked(Packets.Tag(_packet), 0x8100) },
        { "cooked 2", 276, Packets.Cooked2(_packet) },
        { "cooked 2, IPv6", 276, Packets.Cooked2(_packet6, 0x86DD) },
    };

    [Theory]
    [MemberData(nameof(LinkTypes))]
    public void Decode_LinkType_FindsTheMessage(string name, int linkType, byte[] packet)
    {
        Assert.NotNull(name);
        string line = Decoded.Of(new Pcap().Of(linkType, packet)).Lines[0];
        Assert.EndsWith(": version 1, sync id 5, 1 entry, 44 bytes", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_UnknownLinkType_IsAFault()
    {
        var decoded = Decoded.Of(new Pcap().Of(147, _packet));

        Assert.Equal("captured on a link of type 147, which is not understood", decoded.Fault);
    }

    [Fact]
    public void Decode_SegmentsNotYetParted_AreMessagesOfTheirOwn()
    {
        byte[] message = SpecMessages.C;
        byte[] packet = Packets.IPv4(Packets.Udp([.. message, .. message, 0, 5, 0, 8, 0, 1, 0, 0]));
        string[] lines = Decoded.Of(new Pcap().Of(101, packet)).Lines;

        Assert.Equal(2, lines.Count(line => line.EndsWith(": version 1, sync id 5, 1 entry, 44 bytes", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.EndsWith(": version 1, sync id 5, no entries, 8 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_BytesBehindAMessageThatAreNone_AreASizeMismatch()
    {
        byte[] packet = Packets.IPv4(Packets.Udp([.. SpecMessages.C, 0, 5, 0, 9, 0, 1, 0, 0]));

        Assert.DoesNotContain("sync id 5, 1 entry, 44 bytes", Decoded.Of(new Pcap().Of(101, packet)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_IPv4Options_AreSkipped() =>
        Assert.Contains("1 entry", First(Packets.IPv4(Packets.Udp(SpecMessages.C), options: [1, 1, 1, 1])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "11 00 010400000000")] // hop by hop
    [InlineData(43, "3c 00 000000000000 11 00 010400000000")] // routing, then destination options
    [InlineData(51, "11 04 0000 00000001 00000002 112233445566778899aabbcc")] // authentication
    public void Decode_IPv6Extensions_AreSkipped(byte next, string extensions)
    {
        string line = First(Packets.IPv6(next, [.. SpecMessages.Hex(extensions), .. Packets.Udp(SpecMessages.C)]));

        Assert.EndsWith($"{Packets.IPv6Route}: version 1, sync id 5, 1 entry, 44 bytes", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_IPv4Fragments_AreSaidToBeFragments()
    {
        byte[] datagram = Packets.Udp(SpecMessages.C);
        byte[] first = Packets.IPv4(datagram[..32], fragment: FirstFragment);
        byte[] second = Packets.IPv4(datagram[32..], fragment: 4);
        byte[] foreign = Packets.IPv4(datagram[32..], fragment: 4, identification: 8);

        string[] lines = Decoded.Of(new Pcap().Of(101, first, second, foreign)).Lines;

        Assert.EndsWith(
            "10.2.0.1:50000 > 224.0.0.81:8848: first fragment: 24 of 44 bytes; fragments are not put together, not decoded",
            lines[0],
            StringComparison.Ordinal);
        Assert.EndsWith("10.2.0.1 > 224.0.0.81: later fragment: bytes 24 to 43; not decoded", lines[1], StringComparison.Ordinal);
        Assert.Equal("3 packets, 0 messages, 0 entries, 2 fragments or cut datagrams", lines[2]);
    }

    [Fact]
    public void Decode_IPv6Fragments_AreSaidToBeFragments()
    {
        byte[] datagram = Packets.Udp(SpecMessages.C);
        byte[] first = Packets.IPv6(44, [17, 0, 0, 1, 0, 0, 0, 9, .. datagram[..32]]);
        byte[] second = Packets.IPv6(44, [17, 0, 0, 32, 0, 0, 0, 9, .. datagram[32..]]);

        string[] lines = Decoded.Of(new Pcap().Of(101, first, second)).Lines;

        Assert.Contains("first fragment: 24 of 44 bytes", lines[0], StringComparison.Ordinal);
        Assert.Contains("later fragment: bytes 24 to 43", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PacketCutByTheCapture_IsNotDecoded() =>
        Assert.EndsWith("cut by the capture: 34 of 44 bytes; not decoded", First(_packet[..^10]), StringComparison.Ordinal);

    [Theory]
    [InlineData(8848, true)]
    [InlineData(8911, true)]
    [InlineData(8912, false)]
    [InlineData(8847, false)]
    public void Decode_Port_IsOneOfSixtyFour(ushort port, bool isFound) =>
        Assert.Equal(isFound, First(Packets.IPv4(Packets.Udp(SpecMessages.C, port))).Contains("1 entry", StringComparison.Ordinal));

    [Fact]
    public void Decode_SeveralPorts_FindsAll()
    {
        byte[] capture = new Pcap().Of(1, Packets.Frame(SpecMessages.C, 18848), Packets.Frame(SpecMessages.C, 28850));

        Assert.Equal("2 packets, 2 messages, 2 entries", Decoded.Of(capture, ports: [18848, 28848]).Lines[^1]);
    }

    [Fact]
    public void Decode_EveryPrefixOfEveryPacket_IsLeftOutOrTold()
    {
        foreach ((string _, int linkType, byte[] packet) in LinkTypes.Select(row => row.Data))
        {
            for (int length = 0; length < packet.Length; length++)
                Assert.Null(Decoded.Of(new Pcap().Of(linkType, packet[..length])).Fault);
        }
    }

    private static string First(byte[] packet) => Decoded.Of(new Pcap().Of(101, packet)).Lines[0];
}
