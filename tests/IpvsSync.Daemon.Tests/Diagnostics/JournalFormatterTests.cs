using IpvsSync.Daemon.Diagnostics;
using Serilog.Events;
using Serilog.Parsing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

public sealed class JournalFormatterTests
{
    [Theory]
    [InlineData(LogEventLevel.Fatal, "<2>")]
    [InlineData(LogEventLevel.Error, "<3>")]
    [InlineData(LogEventLevel.Warning, "<4>")]
    [InlineData(LogEventLevel.Information, "<6>")]
    [InlineData(LogEventLevel.Debug, "<7>")]
    [InlineData(LogEventLevel.Verbose, "<7>")]
    public void Format_Level_BecomesItsSyslogPriority(LogEventLevel level, string prefix)
        => Assert.Equal($"{prefix}on eth1{Environment.NewLine}", Format(level, null));

    [Fact]
    public void Format_Exception_EveryLineCarriesThePriority()
    {
        string[] lines = Format(LogEventLevel.Error, new InvalidOperationException("one\ntwo")).TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("<3>", line, StringComparison.Ordinal));
    }

    private static string Format(LogEventLevel level, Exception? exception)
    {
        var record = new LogEvent(
            DateTimeOffset.UnixEpoch, level, exception, new MessageTemplateParser().Parse("on {Interface}"),
            [new LogEventProperty("Interface", new ScalarValue("eth1"))]);
        using var output = new StringWriter();
        new JournalFormatter().Format(record, output);
        return output.ToString();
    }
}
