using IpvsSync.Daemon.Commands.Client;

namespace IpvsSync.Daemon.Tests.Commands.Client;

public sealed class FoldedWriterTests
{
    [Theory]
    [InlineData(20, "short", "short")]
    [InlineData(20, "exactly twenty chars", "exactly twenty chars")]
    [InlineData(20, "one two three four five", "one two three four\n  five")]
    [InlineData(10, "one two three four five", "one two\n  three\n  four\n  five")]
    [InlineData(5, "2001:db8::1234 is there", "2001:db8::1234\n  is\n  there")]
    [InlineData(5, "a 2001:db8::1234", "a\n  2001:db8::1234")]
    [InlineData(8, "  indented text", "  indented\n  text")]
    [InlineData(20, "", "")]
    public void WriteLine_IsBrokenAtBlanksOnly(int width, string line, string expected)
    {
        using var output = new StringWriter();
        using (var folded = new FoldedWriter(output, width))
            folded.WriteLine(line);

        Assert.Equal(expected + "\n", output.ToString());
    }

    [Fact]
    public void Table_TooWide_GoesOnBelowWithItsFirstColumn() => Assert.Equal(
        """
        stage  messages
        sent    1234567

        stage  entries
        sent         7

        stage  lost
        sent      0

        """,
        Table(16));

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public void Table_NotEvenTwoColumnsFit_EachIsWhole(int width) => Assert.Equal(3, Table(width).Split("\n\n").Length);

    [Fact]
    public void Table_Fits_IsOne() => Assert.Equal("stage  messages  entries  lost\nsent    1234567        7     0\n", Table(30));

    private static string Table(int width)
    {
        using var output = new StringWriter();
        using var folded = new FoldedWriter(output, width);
        var table = new TextTable("stage", " messages", " entries", " lost");
        table.Add("sent", "1234567", "7", "0");
        table.WriteTo(folded);
        return output.ToString();
    }
}
