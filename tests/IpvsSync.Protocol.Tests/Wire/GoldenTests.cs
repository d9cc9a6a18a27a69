using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

public sealed class GoldenTests
{
    private static readonly string[] _kinds = ["fwmark", "sctp", "sip", "tcp-droute", "tcp-nat", "template", "udp"];

    public static TheoryData<GoldenMessage> Messages => [.. GoldenMessage.All()];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_KernelsMessage_RefusesNothing(GoldenMessage message)
    {
        List<Outcome> outcomes = Outcome.ReadAll(message.Bytes, new ReaderOptions { SyncId = Vector.SyncId });

        Assert.NotEmpty(outcomes);
        Assert.All(outcomes, outcome => Assert.Equal(Refusal.None, outcome.Refusal));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void WriteWhatWasRead_KernelsMessage_GivesItsBytes(GoldenMessage message)
    {
        byte[] buffer = new byte[message.Bytes.Length];
        var reader = new MessageReader(message.Bytes, default);
        var writer = MessageWriter.Start(buffer, reader.Version, reader.SyncId);

        while (reader.Read(out ConnectionEntry entry))
            Assert.Equal(Refusal.None, writer.TryWrite(entry with { Flags = reader.WireFlags }, reader.Persistence));

        Assert.Equal(Convert.ToHexString(message.Bytes), Convert.ToHexString(buffer));
        Assert.True(reader.Trailer.IsEmpty);
    }

    [Fact]
    public void Captures_OfBothVersions_HoldEveryKind() => Assert.Equal(
        [.. _kinds.SelectMany(kind => new[] { $"{kind}-v0", $"{kind}-v1" }).Append("ipv6-v1").Order(StringComparer.Ordinal)],
        GoldenMessage.All().Select(message => message.Capture).Distinct());

    [Theory]
    [InlineData("tcp-nat-v0", "ESTABLISHED CLOSE_WAIT TIME_WAIT ESTABLISHED CLOSE")]
    [InlineData("tcp-nat-v1", "ESTABLISHED CLOSE_WAIT TIME_WAIT ESTABLISHED CLOSE")]
    [InlineData("tcp-droute-v1", "ESTABLISHED FIN_WAIT ESTABLISHED CLOSE")]
    [InlineData("sctp-v1", "ESTABLISHED S-RECEIVED CLOSED")]
    [InlineData("ipv6-v1", "ESTABLISHED FIN_WAIT UDP NONE")]
    public void Read_LifeOfConnections_GivesTheKernelsStates(string capture, string states)
    {
        IEnumerable<ConnectionEntry> entries = Entries(capture).Select(outcome => outcome.Entry);

        Assert.Equal(
            states, string.Join(' ', entries.Select(entry => ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate))));
    }

    [Fact]
    public void Read_SipTemplate_CarriesTheCallId()
    {
        Outcome template = Entries("sip-v1").Single(outcome => outcome.Entry.Key.IsTemplate);

        Assert.Equal(("sip", "a84b4c76e66710@pc33.example.com"), (template.Engine, template.Data));
    }

    [Fact]
    public void Read_MarkedConnections_CarryTheirMark() =>
        Assert.All(Entries("fwmark-v1"), outcome => Assert.Equal(7u, outcome.Entry.Fwmark));

    private static IEnumerable<Outcome> Entries(string capture) =>
        GoldenMessage.All().Where(message => message.Capture == capture).SelectMany(message => Outcome.ReadAll(message.Bytes));
}
