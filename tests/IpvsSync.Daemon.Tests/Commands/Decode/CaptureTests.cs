namespace IpvsSync.Daemon.Tests.Commands.Decode;

public sealed class CaptureTests
{
    private const ulong Microseconds = 1795413662345678;
    private const string Time = "2026-11-23 06:01:02.345678 ";

    private static readonly byte[] _frame = Packets.Frame(SpecMessages.C);

    [Theory]
    [InlineData(false, false, Time)]
    [InlineData(true, false, Time)]
    [InlineData(false, true, "2026-11-23 06:01:02.345678009 ")]
    [InlineData(true, true, "2026-11-23 06:01:02.345678009 ")]
    public void Decode_Pcap_BothOrdersAndUnits(bool isBigEndian, bool isNanoseconds, string time)
    {
        var decoded = Decoded.Of(new Pcap(isBigEndian, isNanoseconds).Of(Pcap.Ethernet, _frame));

        Assert.StartsWith(time, decoded.Text, StringComparison.Ordinal);
        Assert.Equal("1 packets, 1 messages, 1 entries", decoded.Lines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_Pcapng_BothOrders(bool isBigEndian)
    {
        var blocks = new Pcapng(isBigEndian);

        var decoded = Decoded.Of(
        [
            .. blocks.Section(), .. blocks.Block(0x0BAD, new byte[70000]), .. blocks.Interface(1, 0),
            .. blocks.Enhanced(0, Microseconds, _frame),
        ]);

        Assert.Null(decoded.Fault);
        Assert.StartsWith(Time, decoded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PcapngSimplePacket_HasNoTimeAndTheInterfacesSnapLength()
    {
        var blocks = new Pcapng();

        var decoded = Decoded.Of(
            [.. blocks.Section(), .. blocks.Interface(1, 80), .. blocks.Simple(_frame[..80]), .. blocks.Simple(_frame, 80)]);

        Assert.StartsWith("time unknown 10.2.0.1:50000", decoded.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("cut by the capture: 38 of 44 bytes; not decoded", decoded.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 1795413662345678009, "2026-11-23 06:01:02.345678009 ")]
    [InlineData(6, Microseconds, Time)]
    [InlineData(0, 1795413662, "2026-11-23 06:01:02.000000 ")]
    [InlineData(0x81, (1795413662UL * 2) + 1, "2026-11-23 06:01:02.500000 ")]
    public void Decode_PcapngTimeResolution_IsObeyed(byte resolution, ulong units, string time)
    {
        var blocks = new Pcapng();

        var decoded = Decoded.Of([.. blocks.Section(), .. blocks.Interface(1, 0, (9, [resolution])), .. blocks.Enhanced(0, units, _frame)]);

        Assert.StartsWith(time, decoded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PcapngTimeOffset_IsAdded()
    {
        var blocks = new Pcapng();
        byte[] capture =
        [
            .. blocks.Section(), .. blocks.Interface(1, 0, (2, "eth0"u8.ToArray()), (14, blocks.Quad(60))),
            .. blocks.Enhanced(0, Microseconds, _frame),
        ];

        Assert.StartsWith("2026-11-23 06:02:02.345678 ", Decoded.Of(capture).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PcapngSections_ChangeOrderAndInterfaces()
    {
        var little = new Pcapng();
        var big = new Pcapng(isBigEndian: true);

        var decoded = Decoded.Of(
        [
            .. little.Section(), .. little.Interface(1, 0), .. little.Interface(101, 0), .. little.Enhanced(1, 0, _frame[14..]),
            .. big.Section(), .. big.Interface(1, 0), .. big.Enhanced(0, 0, _frame),
        ]);

        Assert.Equal("2 packets, 2 messages, 2 entries", decoded.Lines[^1]);
    }

    [Fact]
    public void Decode_EndInsideAPacket_TellsWhatCameBefore()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.A, SpecMessages.C);

        var decoded = Decoded.Of(capture[..^3]);

        Assert.Equal($"cut short at byte {capture.Length - 3}, after 1 whole packets", decoded.Fault);
        Assert.Equal("1 packets, 1 messages, 1 entries", decoded.Lines[^1]);
    }

    [Theory]
    [InlineData("", "empty, not a capture")]
    [InlineData("0a0d", "not a pcap or pcapng capture: it begins with 0x0A0D")]
    [InlineData("7f454c46020101", "not a pcap or pcapng capture: it begins with 0x7F454C46")]
    [InlineData("1f8b080000", "compressed; try: zcat FILE | ipvs-syncd decode -")]
    [InlineData("d4c3b2a10200", "cut short at byte 6, after 0 whole packets")]
    [InlineData("0a0d0d0a1c00000000000000", "damaged after packet 0: a section begins without its byte order, before byte 12")]
    [InlineData("0a0d0d0a130000004d3c2b1a", "damaged after packet 0: a block of impossible length, before byte 12")]
    public void Decode_NotACapture_SaysWhy(string hex, string fault)
    {
        var decoded = Decoded.Of(SpecMessages.Hex(hex));

        Assert.Equal((fault, ""), (decoded.Fault, decoded.Text));
    }

    [Fact]
    public void Decode_PacketOfImpossibleLength_IsDamage()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.C);
        capture[24 + 8 + 3] = 0x7F;

        Assert.Equal("damaged: packet 1 claims 2130706518 bytes, at byte 24", Decoded.Of(capture).Fault);
    }

    [Fact]
    public void Decode_DamagedPcapng_SaysWhy()
    {
        var blocks = new Pcapng();
        byte[] start = [.. blocks.Section(), .. blocks.Interface(1, 0)];
        byte[] packet = blocks.Enhanced(0, 0, _frame);

        Assert.Contains("not described", Decoded.Of([.. start, .. blocks.Enhanced(1, 0, _frame)]).Fault, StringComparison.Ordinal);
        Assert.Contains("too short", Decoded.Of([.. start, .. blocks.Block(6, new byte[16])]).Fault, StringComparison.Ordinal);
        packet[^1] = 9;
        Assert.Contains("two lengths differ", Decoded.Of([.. start, .. packet]).Fault, StringComparison.Ordinal);
        packet[20] = 0xFF;
        packet[^1] = 0;
        Assert.Contains("longer than its block", Decoded.Of([.. start, .. packet]).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_DamagedCaptures_NeverThrow()
    {
#pragma warning disable CA5394 // Test data wants to be repeatable, not unguessable.
        var random = new Random(11);
        var blocks = new Pcapng();
        byte[][] captures =
        [
            Pcap.OfMessages(SpecMessages.All),
            [.. blocks.Section(), .. blocks.Interface(1, 0, (9, [6])), .. blocks.Enhanced(0, 1, _frame), .. blocks.Simple(_frame)],
        ];
        for (int i = 0; i < 4000; i++)
        {
            byte[] capture = [.. captures[i % 2]];
            for (int damage = random.Next(1, 6); damage > 0; damage--) capture[random.Next(capture.Length)] = (byte)random.Next(256);
            Assert.NotNull(Decoded.Of(capture, asJson: i % 4 < 2).Text);
        }
#pragma warning restore CA5394
    }
}
