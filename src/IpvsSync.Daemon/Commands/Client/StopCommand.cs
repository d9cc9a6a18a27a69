using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>stop</c>: stops the running daemon cleanly.</summary>
internal static class StopCommand
{
    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration) => ClientCommand.Verb(
        "stop",
        "Stop the running daemon; return when the waiting messages are sent and the kernel's settings are restored.",
        configuration,
        _ => new ControlRequest { Verb = ControlRequest.Stop },
        Print);

    private static int Print(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        int code = ExitCodes.Done;
        foreach (string line in lines)
        {
            if (isJson)
                output.WriteLine(line);
            if (!JsonSerializer.Deserialize(line, ControlJson.Default.StopAnswer)!.Restored)
                code = CommandTree.Fail(ExitCodes.Failed, "It has stopped, but something in the kernel could not be put back: the daemon's log says what.");
        }

        return code;
    }
}
