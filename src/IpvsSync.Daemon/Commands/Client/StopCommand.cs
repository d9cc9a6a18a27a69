using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>stop</c>: ends the running daemon in order.</summary>
internal static class StopCommand
{
    /// <summary>The verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration) => ClientCommand.Verb(
        "stop",
        "End the running daemon; returns when it has sent what waits and the kernel is as it was found.",
        configuration,
        _ => new ControlRequest { Verb = ControlRequest.Stop },
        Tell);

    private static int Tell(IEnumerable<string> lines, TextWriter output, bool isJson)
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
