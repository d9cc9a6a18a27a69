using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

public sealed class TextTests
{
    private const string Route = "10.2.0.1:50000 > 224.0.0.81:8848";
    private const string Ends = "198.51.100.7:40001 -> 203.0.113.10:80 -> 10.0.0.11:8080";

    [Fact]
    public void Decode_EightKernelMessages_ReadsLikeThis()
    {
        string text = Decoded.Of(Pcap.OfMessages(SpecMessages.All)).Text;

        Assert.Equal(
            """
            2026-11-23 06:01:02.345678 10.2.0.1:50000 > 224.0.0.81:8848: version 0, sync id 5, 1 entry, 28 bytes
              @4 TCP 198.51.100.7:40001 -> 203.0.113.10:80 -> 10.0.0.11:8080 ESTABLISHED, flags 0x0000 MASQ
            2026-11-23 06:01:03.845678 10.2.0.1:50000 > 224.0.0.81:8848: version 0, sync id 5, 1 entry, 52 bytes
              @4 TCP 198.51.100.7:40002 -> 203.0.113.10:21 -> 10.0.0.11:21 ESTABLISHED, flags 0x0600 MASQ OUT_SEQ IN_SEQ
                   sequence of requests: +5 after 287454020 (0x11223344), +2 before
                   sequence of replies: +5 after 1432778632 (0x55667788), +2 before
            2026-11-23 06:01:05.345678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, 1 entry, 44 bytes
              @8 TCP 198.51.100.7:40001 -> 203.0.113.10:80 -> 10.0.0.11:8080 ESTABLISHED again after 3.000 s, timeout 900 s, flags 0x0000 MASQ
            2026-11-23 06:01:06.845678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, 1 entry, 49 bytes
              @8 TCP 198.51.100.7:40001 -> 203.0.113.10:80 -> 10.0.0.11:8080 ESTABLISHED again after 1.500 s, timeout 900 s, flags 0x0000 MASQ
              trailer of 5 bytes: 68 65 6c 6c 6f
            2026-11-23 06:01:08.345678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, 1 entry, 80 bytes
              @8 UDP [2001:db8::7]:5353 -> [2001:db8:1::10]:53 -> [2001:db8:2::11]:53 UDP, timeout 300 s, flags 0x0183 DROUTE NOOUTPUT INACTIVE
            2026-11-23 06:01:09.845678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, 2 entries, 130 bytes
              @8 UDP 198.51.100.0:0 -> 203.0.113.10:5060 -> 10.0.0.11:5060 template NONE, timeout 360 s, flags 0x1100 MASQ INACTIVE TEMPLATE
                   persistence engine sip: "a84b4c76e66710"
              @68 TCP 198.51.100.7:40002 -> 203.0.113.10:21 -> 10.0.0.11:21 ESTABLISHED again after 6.000 s, timeout 900 s, flags 0x0600 MASQ OUT_SEQ IN_SEQ
                   sequence of requests: +5 after 287454020 (0x11223344), +2 before
                   sequence of replies: +5 after 1432778632 (0x55667788), +2 before
            2026-11-23 06:01:11.345678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, 1 entry, 44 bytes
              @8 IP 198.51.101.0:0 -> fwmark 7 -> 10.0.0.11:0 template ASSURED, timeout 300 s, mark 7, flags 0x1103 DROUTE INACTIVE TEMPLATE
            2026-11-23 06:01:12.845678 10.2.0.1:50000 > 224.0.0.81:8848: version 1, sync id 5, no entries, 8 bytes
            8 packets, 8 messages, 8 entries

            """,
            text);
    }

    [Fact]
    public void Decode_LifeOfAConnection_ShowsEachChange()
    {
        byte[] capture = Pcap.OfMessages(
            SpecMessages.C, SpecMessages.Tcp(1), SpecMessages.Tcp(4), SpecMessages.Tcp(1, 999), SpecMessages.Tcp(5));

        Assert.Equal(
            [
                $"  @8 TCP {Ends} ESTABLISHED, timeout 900 s, flags 0x0000 MASQ",
                $"  @8 TCP {Ends} ESTABLISHED again after 1.500 s, timeout 120 s, flags 0x0000 MASQ",
                $"  @8 TCP {Ends} ESTABLISHED => FIN_WAIT after 3.000 s, timeout 120 s, flags 0x0000 MASQ",
                $"  @8 TCP {Ends.Replace("40001", "999")} ESTABLISHED, timeout 120 s, flags 0x0000 MASQ",
                $"  @8 TCP {Ends} FIN_WAIT => TIME_WAIT after 3.000 s, timeout 120 s, flags 0x0000 MASQ",
            ],
            Decoded.Of(capture).Lines.Where(line => line.StartsWith("  @", StringComparison.Ordinal)));
    }

    [Fact]
    public void Decode_UnknownIgnorableOption_IsShownWithItsPlace() =>
        Assert.Equal("       unknown option 0x45 @44, ignorable: aa bb cc", Line(SpecMessages.Changed("4503aabbcc"), 2));

    [Fact]
    public void Decode_PersistenceKeyWithControlCharacters_CannotReachTheTerminal() =>
        Assert.Equal(
            """       persistence engine \x1b[2: "\x0a\x22\x80" """.TrimEnd(' '), Line(SpecMessages.Changed("03031b5b3202030a2280"), 2));

    [Theory]
    [InlineData("", 9, 99, 9, "UnknownProtocol")]
    [InlineData("", 17, 11, 16, "StateOutOfRange")]
    [InlineData("", 8, 2, 8, "UnknownEntryType")]
    [InlineData("", 10, 0x10, 10, "UnknownEntryVersion")]
    [InlineData("", 11, 20, 10, "EntryLengthTooSmall")]
    [InlineData("", 11, 200, 10, "EntryBeyondMessage")]
    [InlineData("", 14, 0x20, 12, "OnePacket")]
    [InlineData("", 14, 0x18, 12, "TemplateWithoutClientPort")]
    [InlineData("4501ff0501ff", 0, 0, 47, "UnknownMandatoryOption")]
    [InlineData("4501ff050177", 48, 0, 47, "OptionEmpty")]
    [InlineData("4501ff050977", 0, 0, 47, "OptionBeyondEntry")]
    [InlineData("4501ff05", 0, 0, 47, "OptionTruncated")]
    [InlineData("4501ff010177", 0, 0, 47, "SequenceLengthWrong")]
    [InlineData("0201aa0201bb", 0, 0, 47, "PersistenceDataTwice")]
    [InlineData("030173030174", 0, 0, 47, "PersistenceNameTwice")]
    [InlineData("0301730201aa031100112233445566778899aabbccddeeff00", 0, 0, 50, "PersistenceNameTooLong")]
    [InlineData("4501ff0201aa", 0, 0, 47, "PersistenceDataWithoutName")]
    public void Decode_BadEntry_NamesTheByteAndTheReason(string options, int offset, int value, int place, string reason)
    {
        string line = Line(SpecMessages.Changed(options, (offset, value)), 1);

        Assert.StartsWith($"  @8 refused at byte {place}: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"({reason})", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SecondEntryTruncated_KeepsTheFirst()
    {
        string[] lines = Decoded.Of(Pcap.OfMessages(SpecMessages.Changed("", (4, 2)))).Lines;

        Assert.Contains("ESTABLISHED", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            "  @44 refused at byte 44: fewer bytes left than the shortest entry has; the rest of the message is lost (EntryTruncated)",
            lines[2]);
    }

    [Fact]
    public void Decode_PaddingMissingBeforeTheNextEntry_PointsPastTheEnd() => Assert.Equal(
        "  @48 refused at byte 48: fewer bytes left than the shortest entry has; the rest of the message is lost (EntryTruncated)",
        Line(SpecMessages.Changed("4501ff", (4, 2)), 3));

    [Fact]
    public void Decode_WrongSize_RefusesTheMessage() => Assert.Equal(
        "  refused at byte 2: the size in the header is not the length of the datagram; the whole message is ignored (SizeMismatch)",
        Line(SpecMessages.C[..40], 1));

    [Fact]
    public void Decode_OtherSyncId_RefusesTheMessage()
    {
        string[] lines = Decoded.Of(Pcap.OfMessages(SpecMessages.C), reader: new ReaderOptions { SyncId = 9 }).Lines;

        Assert.EndsWith($"{Route}: 44 bytes", lines[0], StringComparison.Ordinal);
        Assert.Equal("  refused at byte 1: for another sync id; the whole message is ignored (OtherSyncId)", lines[1]);
    }

    [Fact]
    public void Decode_OldProfile_AcceptsWhatTheOldKernelDoes()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.Changed("", (14, 0x20)));

        string line = Decoded.Of(capture, reader: new ReaderOptions { Profile = ReaderProfile.Kernel61176 }).Lines[1];

        Assert.Equal($"  @8 TCP {Ends} ESTABLISHED, timeout 900 s, flags 0x2000 MASQ ONE_PACKET", line);
    }

    [Fact]
    public void Decode_NoMessage_SaysWhereItLooked() =>
        Assert.Equal(
            "no message for UDP ports 9000-9063 among 1 packets\n", Decoded.Of(Pcap.OfMessages(SpecMessages.C), ports: [9000]).Text);

    private static string Line(byte[] message, int number) => Decoded.Of(Pcap.OfMessages(message)).Lines[number];
}
