using IpvsSync.Protocol.Wire.Peering;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire.Peering;

/// <summary>The writers, the page and the capture have the same bytes.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Examples_OfThePage_AreWhatTheWritersMake() => Assert.Equal(
        Examples.All().Select(example => $"{example.Name} {Convert.ToHexStringLower(example.Bytes)}"),
        OfThePage().Select(example => $"{example.Name} {Convert.ToHexStringLower(example.Bytes)}"));

    [Fact]
    public void Examples_OfTheCapture_AreWhatTheWritersMake() => Assert.Equal(
        Examples.All().Select(example => Convert.ToHexStringLower(example.Bytes)),
        GoldenMessage.Peering().Select(message => Convert.ToHexStringLower(message.Bytes)));

    [Fact]
    public void Examples_TogetherWithTheUnknownOne_HaveEveryKindAndField()
    {
        var kinds = new HashSet<ControlKind>();
        var fields = new HashSet<ControlField>();
        foreach (GoldenMessage message in GoldenMessage.Peering())
        {
            Assert.True(Trailer.TryFind(message.Bytes, out _, out int start));
            if (!ControlReader.TryOpen(message.Bytes, start, out ControlReader reader)) continue;
            kinds.Add(reader.Kind);
            while (reader.Read(out ControlField field, out _)) fields.Add(field);
            Assert.False(reader.IsMalformed);
        }

        Assert.Equal([.. Enum.GetValues<ControlKind>(), (ControlKind)99], kinds.Order());
        Assert.Equal([.. Enum.GetValues<ControlField>(), (ControlField)200], fields.Order());
    }

    [Fact]
    public void Kinds_WithoutANumberOfTheirOwn_HaveNumberZero()
    {
        foreach (GoldenMessage message in GoldenMessage.Peering())
        {
            Assert.True(Trailer.TryFind(message.Bytes, out Trailer trailer, out int start));
            if (!ControlReader.TryOpen(message.Bytes, start, out ControlReader reader)) continue;
            bool isUnnumbered = reader.Kind is ControlKind.Hello or ControlKind.HelloAck or ControlKind.Beat or ControlKind.Nack
                or ControlKind.Ask or ControlKind.Credit;
            Assert.Equal(isUnnumbered, trailer.Number == 0);
        }
    }

    // The lines of the page's only block whose first line starts with "entries": a name, two spaces or more, hex.
    private static IEnumerable<(string Name, byte[] Bytes)> OfThePage() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "protocol.md"))
            .SkipWhile(line => !line.StartsWith("entries  ", StringComparison.Ordinal))
            .TakeWhile(line => line != "```")
            .Select(line => line.Split("  ", 2))
            .Select(parts => (parts[0], Hex(parts[1])));
}
