using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Writes a record as journald reads it from a stream: every line begins with its syslog priority in angle brackets
/// (sd-daemon(3)), so that an exception's lines keep the priority of their record. The journal adds the time.
/// </summary>
internal sealed class JournalFormatter : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter s_message = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        string prefix = Prefix(logEvent.Level);
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        s_message.Format(logEvent, message);
        WriteLines(message.ToString(), prefix, output);
        if (logEvent.Exception is not null)
            WriteLines(logEvent.Exception.ToString(), prefix, output);
    }

    /// <summary>The syslog priority of <paramref name="level"/> as journald expects it.</summary>
    public static string Prefix(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => "<2>",
        LogEventLevel.Error => "<3>",
        LogEventLevel.Warning => "<4>",
        LogEventLevel.Information => "<6>",
        _ => "<7>",
    };

    private static void WriteLines(string text, string prefix, TextWriter output)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            output.Write(prefix);
            output.WriteLine(line);
        }
    }
}
