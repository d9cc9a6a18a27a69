using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Processes;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>status</c>: prints role, lanes, rates, losses, refusals and table size of the running daemon.</summary>
internal static class StatusCommand
{
    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration) => ClientCommand.Verb(
        "status", "Show the state of the running daemon: role, counts, rates and table size.", configuration, _ => new ControlRequest { Verb = ControlRequest.Status }, Print);

    private static int Print(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        using TextWriter? screen = StandardStream.Output().TerminalWidth is { } width ? new FoldedWriter(output, width) : null;
        foreach (string line in lines)
        {
            if (isJson)
                output.WriteLine(line);
            else
                StatusText.Write(JsonSerializer.Deserialize(line, ControlJson.Default.StatusAnswer)!, screen ?? output);
        }

        return ExitCodes.Done;
    }
}
