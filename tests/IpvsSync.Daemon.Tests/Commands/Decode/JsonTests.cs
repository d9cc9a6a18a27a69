using System.Text.Json;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

public sealed class JsonTests
{
    [Fact]
    public void Decode_TwoEntries_IsOneLine()
    {
        var decoded = Decoded.Of(Pcap.OfMessages(SpecMessages.F), asJson: true);

        Assert.Equal(
            """
            {"packet":1,"time":"2026-11-23T06:01:02.345678Z",
            "source":"10.2.0.1:50000","group":"224.0.0.81:8848",
            "bytes":130,"syncVersion":1,"syncId":5,"count":2,"entries":[{"offset":8,"protocol":"UDP","template":true,
            "source":"198.51.100.0:0","virtual":"203.0.113.10:5060",
            "destination":"10.0.0.11:5060","state":"NONE","stateNumber":0,"timeout":360,"fwmark":0,
            "flagBits":4352,"flags":["MASQ","INACTIVE","TEMPLATE"],
            "persistence":{"engine":"sip","data":"a84b4c76e66710","dataBytes":"6138346234633736653636373130"}},
            {"offset":68,"protocol":"TCP","template":false,
            "source":"198.51.100.7:40002","virtual":"203.0.113.10:21",
            "destination":"10.0.0.11:21","state":"ESTABLISHED","stateNumber":1,"timeout":900,"fwmark":0,
            "flagBits":1536,"flags":["MASQ","OUT_SEQ","IN_SEQ"],
            "sequence":{"inInitSeq":287454020,"inDelta":5,"inPreviousDelta":2,
            "outInitSeq":1432778632,"outDelta":5,"outPreviousDelta":2}}],
            "version":"VERSION","host":"HOST"}
            """.ReplaceLineEndings("").Replace("VERSION", AnswerStamp.Version, StringComparison.Ordinal).Replace("HOST", AnswerStamp.Host, StringComparison.Ordinal) + "\n",
            decoded.Text);
    }

    [Fact]
    public void Decode_EveryLine_IsAnObject()
    {
        byte[] capture = Pcap.OfMessages(
        [
            .. SpecMessages.All, SpecMessages.Tcp(4), SpecMessages.C[..40], SpecMessages.Changed("0501ff"),
            SpecMessages.Changed("4501ff030122"),
        ]);

        JsonElement[] lines = [.. Decoded.Of(capture, asJson: true).Lines.Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.Equal(12, lines.Length);
        Assert.Equal("68656c6c6f", lines[3].GetProperty("trailer").GetString());
        Assert.Equal(7u, Entry(lines[6]).GetProperty("virtualMark").GetUInt32());
        Assert.Equal("ESTABLISHED", Entry(lines[8]).GetProperty("stateBefore").GetString());
        Assert.Equal("SizeMismatch", lines[9].GetProperty("refused").GetProperty("reason").GetString());
        Assert.Equal(44, Entry(lines[10]).GetProperty("refused").GetProperty("at").GetInt32());
        Assert.Equal("ff", Entry(lines[11]).GetProperty("unknownOptions")[0].GetProperty("data").GetString());
    }

    [Fact]
    public void Decode_CutDatagram_SaysSo()
    {
        byte[] packet = Packets.IPv4(Packets.Udp(SpecMessages.C))[..^10];

        JsonElement line = JsonDocument.Parse(Decoded.Of(new Pcap().Of(101, packet), asJson: true).Text).RootElement;

        Assert.Equal(("cut", 34), (line.GetProperty("incomplete").GetString(), line.GetProperty("captured").GetInt32()));
    }

    private static JsonElement Entry(JsonElement message) => message.GetProperty("entries")[0];
}
