using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Writes a record as journald reads it from a stream: every line starts with its syslog priority in angle brackets (sd-daemon(3)), so that
/// the lines of an exception keep the priority of their record. The journal adds the time. Used for records that <see cref="JournalSink"/>
/// cannot write.
/// </summary>
internal sealed class JournalFormatter : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter s_message = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        string prefix = $"<{JournalSink.Priority(logEvent.Level)}>";
        WriteLines(Message(logEvent), prefix, output);
        if (logEvent.Exception is not null)
            WriteLines(logEvent.Exception.ToString(), prefix, output);
    }

    /// <summary>The message of a record, with strings without quotes.</summary>
    public static string Message(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        s_message.Format(logEvent, message);
        return message.ToString();
    }

    private static void WriteLines(string text, string prefix, TextWriter output)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            output.Write(prefix);
            output.WriteLine(line);
        }
    }
}
