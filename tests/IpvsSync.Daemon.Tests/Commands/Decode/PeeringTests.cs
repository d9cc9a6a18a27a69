using System.Text.Json;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>What ipvs-syncds say to each other, as text and as JSON.</summary>
public sealed class PeeringTests
{
    [Fact]
    public void Decode_EveryKind_ReadsLikeThis() => Assert.Equal(
        """
        2026-11-27 21:17:46.323911 10.2.0.1:47016 > 224.0.0.81:8848: version 1, sync id 0, 1 entry, 56 bytes
          @8 TCP 10.1.0.1:10002 -> 10.1.0.100:80 -> 10.1.0.12:80 ESTABLISHED, timeout 920 s, flags 0x0083 DROUTE NOOUTPUT
          trailer: instance a1b2c3d4, number 42, unsigned
        2026-11-27 21:17:46.437631 10.2.0.1:60464 > 224.0.0.81:8848: version 1, sync id 0, 1 entry, 68 bytes
          @8 TCP 10.1.0.1:10002 -> 10.1.0.100:80 -> 10.1.0.12:80 ESTABLISHED again after 0.114 s, timeout 920 s, flags 0x0083 DROUTE NOOUTPUT
          trailer: instance a1b2c3d4, number 43, signed with key 7: 101112131415161718191a1b
        2026-11-27 21:17:46.550479 10.2.0.1:60859 > 224.0.0.81:8848: version 0, sync id 0, 1 entry, 40 bytes
          @4 TCP 10.1.0.1:10002 -> 10.1.0.100:80 -> 10.1.0.12:80 ESTABLISHED again after 0.113 s, flags 0x0083 DROUTE NOOUTPUT
          trailer: instance a1b2c3d4, number 44, unsigned
        2026-11-27 21:17:46.666372 10.2.0.1:40791 > 224.0.0.81:8848: version 1, sync id 0, no entries, 40 bytes
          HELLO, nonce 0011223344556677, echo 00000007
          trailer: instance a1b2c3d4, not numbered, unsigned
        2026-11-27 21:17:46.777053 10.2.0.2:45750 > 224.0.0.81:8848: version 1, sync id 0, no entries, 56 bytes
          HELLO_ACK, target a1b2c3d4, nonce 0011223344556677, highest 1000, echo 00000007
          trailer: instance c0ffee01, not numbered, unsigned
        2026-11-27 21:17:46.895414 10.2.0.1:37459 > 224.0.0.81:8848: version 1, sync id 0, no entries, 31 bytes
          BEAT, highest 44
          trailer: instance a1b2c3d4, not numbered, unsigned
        2026-11-27 21:17:47.008921 10.2.0.2:54037 > 224.0.0.81:8848: version 1, sync id 0, no entries, 55 bytes
          NACK, target a1b2c3d4, ranges 40 42-43, echo 00000008
          trailer: instance c0ffee01, not numbered, unsigned
        2026-11-27 21:17:47.131973 10.2.0.1:41600 > 224.0.0.81:8848: version 1, sync id 0, no entries, 55 bytes
          REPAIRED, target a1b2c3d4, ranges 40 42-43, echo 00000008
          trailer: instance a1b2c3d4, number 45, unsigned
        2026-11-27 21:17:47.252433 10.2.0.2:38830 > 224.0.0.81:8848: version 1, sync id 0, no entries, 51 bytes
          ASK, target a1b2c3d4, run 00000001, reason 1, cursor 0000000000000000
          trailer: instance c0ffee01, not numbered, unsigned
        2026-11-27 21:17:47.375565 10.2.0.1:40844 > 224.0.0.81:8848: version 1, sync id 0, no entries, 55 bytes
          BEGIN, target c0ffee01, run 00000001, counts 100000 12
          trailer: instance a1b2c3d4, number 46, unsigned
        2026-11-27 21:17:47.500825 10.2.0.2:55030 > 224.0.0.81:8848: version 1, sync id 0, no entries, 45 bytes
          CREDIT, target a1b2c3d4, run 00000001, highest 128
          trailer: instance c0ffee01, not numbered, unsigned
        2026-11-27 21:17:47.631711 10.2.0.1:50816 > 224.0.0.81:8848: version 1, sync id 0, no entries, 60 bytes
          END, target c0ffee01, run 00000001, highest 2501, counts 100012, outcome 0
          trailer: instance a1b2c3d4, number 47, unsigned
        2026-11-27 21:17:47.744497 10.2.0.1:38123 > 224.0.0.81:8848: version 1, sync id 0, no entries, 43 bytes
          DIGEST, sums from cell 0: 8899aabbccddeeff 0000000000000001
          trailer: instance a1b2c3d4, number 48, unsigned
        2026-11-27 21:17:47.861200 10.2.0.2:53783 > 224.0.0.81:8848: version 1, sync id 0, no entries, 42 bytes
          DETAIL, target a1b2c3d4, sums from cell 64: 0123456789abcdef
          trailer: instance c0ffee01, number 12, unsigned
        2026-11-27 21:17:47.973802 10.2.0.2:55751 > 224.0.0.81:8848: version 1, sync id 0, no entries, 36 bytes
          TELL, target a1b2c3d4, cells 65 4095
          trailer: instance c0ffee01, number 13, unsigned
        2026-11-27 21:17:48.020000 10.2.0.1:47703 > 224.0.0.81:8848: version 1, sync id 0, no entries, 35 bytes
          HELLO, flags 0x02, echo 00000009, padding 3
          trailer: instance a1b2c3d4, not numbered, unsigned
        2026-11-27 21:17:48.083802 10.2.0.1:47703 > 224.0.0.81:8848: version 1, sync id 0, no entries, 27 bytes
          kind 99, flags 0x01, field 200 aabb
          trailer: instance a1b2c3d4, number 49, unsigned
        17 packets, 17 messages, 3 entries, 14 control messages

        """,
        Golden(asJson: false).Text);

    [Fact]
    public void Decode_Nack_ReadsAsThePageSays() => Assert.Contains(
        string.Join('\n', Golden(asJson: false).Lines.SkipWhile(line => !line.Contains(" 55 bytes", StringComparison.Ordinal)).Take(3)),
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documents", "protocol.md")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(1, """{"instance":"a1b2c3d4","number":42,"type":"Unsigned"}""")]
    [InlineData(2, """{"instance":"a1b2c3d4","number":43,"type":"Signed","keyId":7,"tag":"101112131415161718191a1b"}""")]
    [InlineData(3, """{"instance":"a1b2c3d4","number":44,"type":"Unsigned"}""")]
    [InlineData(7, """{"instance":"c0ffee01","number":0,"type":"Unsigned"}""")]
    public void DecodeAsJson_Trailer_IsAnObject(int packet, string extension)
    {
        JsonElement line = Json(packet);

        Assert.Equal(extension, line.GetProperty("extension").GetRawText());
        Assert.False(line.TryGetProperty("trailer", out _));
    }

    [Theory]
    [InlineData(6, "BEAT", 3, """[{"offset":10,"field":"highest","fieldNumber":2,"value":44}]""")]
    [InlineData(
        7, "NACK", 4,
        """
        [{"offset":10,"field":"target","fieldNumber":1,"value":"a1b2c3d4"},
        {"offset":17,"field":"ranges","fieldNumber":3,"value":[{"first":40,"count":1},{"first":42,"count":2}]},
        {"offset":36,"field":"echo","fieldNumber":12,"value":"00000008"}]
        """)]
    [InlineData(
        13, "DIGEST", 10,
        """[{"offset":10,"field":"sums","fieldNumber":9,"firstCell":0,"value":["8899aabbccddeeff","0000000000000001"]}]""")]
    [InlineData(17, "kind 99", 99, """[{"offset":10,"field":"field 200","fieldNumber":200,"value":"aabb"}]""")]
    public void DecodeAsJson_ControlMessage_IsAnObject(int packet, string kind, int number, string fields)
    {
        JsonElement control = Json(packet).GetProperty("control");

        Assert.Equal((kind, number), (control.GetProperty("kind").GetString(), control.GetProperty("kindNumber").GetInt32()));
        Assert.Equal(packet == 17 ? 1 : 0, control.GetProperty("flags").GetInt32());
        Assert.Equal(fields.ReplaceLineEndings(""), control.GetProperty("fields").GetRawText());
    }

    [Theory]
    [InlineData("0400 01000301 02 03", "  NACK, target malformed (010203)", "\"malformed\":\"010203\"")]
    [InlineData("0400 030008000000000000 0001", "  NACK, ranges malformed (0000000000000001)", "\"malformed\":\"0000000000000001\"")]
    [InlineData("0400 09000101", "  NACK, sums malformed (01)", "\"malformed\":\"01\"")]
    [InlineData("0400 08000101", "  NACK, counts malformed (01)", "\"malformed\":\"01\"")]
    [InlineData("0400 0a000101", "  NACK, cells malformed (01)", "\"malformed\":\"01\"")]
    [InlineData("0400 04000701020304050607", "  NACK, nonce malformed (01020304050607)", "\"malformed\":\"01020304050607\"")]
    [InlineData("0400 02000501 02030405", "  NACK, highest malformed (0102030405)", "\"malformed\":\"0102030405\"")]
    [InlineData("0400 07000101 0b0002", "  NACK, reason 1; byte 14: a field that reaches past the body", "\"malformedAt\":14")]
    [InlineData("0400 03000006", "  NACK, ranges none; byte 13: a field that reaches past the body", "\"malformedAt\":13")]
    [InlineData("0400", "  NACK", "\"fields\":[]}")]
    [InlineData("04", "  trailer of 1 byte: 04", "\"trailer\":\"04\"")]
    public void Decode_OddBody_SaysWhatIsWrong(string body, string text, string json)
    {
        byte[] capture = Pcap.OfMessages(Message(body));

        Assert.Equal([text, "  trailer: instance a1b2c3d4, number 5, unsigned"], Decoded.Of(capture).Lines[1..3]);
        Assert.Contains(json, Decoded.Of(capture, asJson: true).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ManyRanges_ShowsTheFirstOnesInTextAndAllInJson()
    {
        string ranges = string.Concat(Enumerable.Range(1, 170).Select(first => $"{2 * first:x12}0001"));
        byte[] capture = Pcap.OfMessages(Message($"0400 030550 {ranges}"));

        string line = Decoded.Of(capture).Lines[1];
        Assert.StartsWith("  NACK, ranges 2 4 6 ", line, StringComparison.Ordinal);
        Assert.EndsWith(" 128 ... (170)", line, StringComparison.Ordinal);
        Assert.Contains("{\"first\":340,\"count\":1}]", Decoded.Of(capture, asJson: true).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RefusedEntryBeforeTheTrailer_StillTellsTheTrailer()
    {
        byte[] message = [.. SpecMessages.Changed("", (8, 2)), .. SpecMessages.Hex("a1b2c3d4 000000000005 00 01")];
        message[3] = (byte)message.Length;

        string[] lines = Decoded.Of(Pcap.OfMessages(message)).Lines;

        Assert.StartsWith("  @8 refused at byte 8", lines[1], StringComparison.Ordinal);
        Assert.Equal("  trailer: instance a1b2c3d4, number 5, unsigned", lines[3]);
    }

    [Fact]
    public void Decode_OtherSyncId_TellsNothingOfTheMessage()
    {
        var reader = new ReaderOptions { SyncId = 9 };

        Assert.DoesNotContain("instance", Decoded.Of(Pcap.OfMessages(Message("0400")), reader: reader).Text, StringComparison.Ordinal);
    }

    private static byte[] Message(string body)
    {
        byte[] message = [0, 5, 0, 0, 0, 1, 0, 0, .. SpecMessages.Hex(body), .. SpecMessages.Hex("a1b2c3d4 000000000005 00 01")];
        message[2] = (byte)(message.Length >> 8);
        message[3] = (byte)message.Length;
        return message;
    }

    private static JsonElement Json(int packet) => JsonDocument.Parse(Golden(asJson: true).Lines[packet - 1]).RootElement;

    private static Decoded Golden(bool asJson) => Decoded.Of(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "Peering", "every-kind.pcap")), asJson);
}
