using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>reload</c>: makes the running daemon read its configuration again.</summary>
internal static class ReloadCommand
{
    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration) => ClientCommand.Verb(
        "reload",
        "Make the running daemon read its configuration again, and print which keys apply now and which after a restart; exit status 2 if it has faults.",
        configuration,
        _ => new ControlRequest { Verb = ControlRequest.Reload },
        Print);

    private static int Print(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        int code = ExitCodes.Done;
        foreach (string line in lines)
        {
            ReloadAnswer answer = JsonSerializer.Deserialize(line, ControlJson.Default.ReloadAnswer)!;
            if (isJson)
                output.WriteLine(line);
            if (answer.Faults.Count > 0)
                code = isJson ? ExitCodes.Usage : CommandTree.Fail(ExitCodes.Usage, ChangeText.Refused(answer));
            else if (!isJson)
                ChangeText.Write(answer, output);
        }

        return code;
    }
}
