using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>status</c>: role, lanes, rates, what was lost and refused, table sizes of the running daemon.</summary>
internal static class StatusCommand
{
    /// <summary>The verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration) => ClientCommand.Verb(
        "status", "Show what the running daemon does, counts and knows.", configuration, _ => new ControlRequest { Verb = ControlRequest.Status }, Tell);

    private static int Tell(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        foreach (string line in lines)
        {
            if (isJson)
                output.WriteLine(line);
            else
                StatusText.Write(JsonSerializer.Deserialize(line, ControlJson.Default.StatusAnswer)!, output);
        }

        return ExitCodes.Done;
    }
}
