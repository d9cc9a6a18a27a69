using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Configures where log records go: to the journal, with priorities and fields, if systemd reads the output; otherwise plain lines to the
/// console.
/// </summary>
internal static class LogSetup
{
    private const string PlainLine = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>Creates the logger. The caller disposes it last.</summary>
    public static Serilog.Core.Logger Create(LogEventLevel level)
    {
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // The verb reports the reason of a failed start once, in words for an operator.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LevelAlias.Off)
            .WriteTo.Sink(new BackgroundSink(Output()))
            .CreateLogger();
    }

    private static Serilog.Core.Logger Output()
    {
        // The runtime opens them when they are first used. A process that has no descriptors left could not say so.
        Console.Out.Flush();
        Console.Error.Flush();
        LoggerConfiguration output = new LoggerConfiguration().MinimumLevel.Verbose();
        return (JournalStream.IsRead ? ToJournal(output) : ToConsole(output.WriteTo, new MessageTemplateTextFormatter(PlainLine, CultureInfo.InvariantCulture)))
            .CreateLogger();
    }

    /// <summary>Records that the journal's socket does not accept go to the output that systemd reads.</summary>
    private static LoggerConfiguration ToJournal(LoggerConfiguration configuration) => configuration.WriteTo.FallbackChain(
        first => first.Sink(new JournalSink()), second => ToConsole(second, new JournalFormatter()));

    private static LoggerConfiguration ToConsole(LoggerSinkConfiguration sinks, ITextFormatter formatter)
        => sinks.Console(formatter, standardErrorFromLevel: LogEventLevel.Error);
}
