using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>ready</c>: whether the running daemon knows what its peers know, so that its director may take its addresses.</summary>
internal static class ReadyCommand
{
    private static readonly Option<bool> s_quiet = new("--quiet") { Description = "Print nothing; the exit status is the answer." };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        Command verb = ClientCommand.Verb(
            "ready",
            "Say whether the running daemon knows its peers' connections, so that this director may take its addresses; exit status 1 if not.",
            configuration,
            (result, socket, output) => Ask(socket, result.GetValue(s_quiet) ? TextWriter.Null : output, ClientCommand.IsJson(result)));
        verb.Add(s_quiet);
        return verb;
    }

    /// <summary>Asks the daemon at <paramref name="socket"/>.</summary>
    /// <returns>The answer, and the line that it came as.</returns>
    /// <exception cref="ControlException">No daemon answers there.</exception>
    public static (ReadyAnswer Answer, string Line) Ask(string socket)
    {
        using var client = ControlClient.Connect(socket);
        string line = client.Ask(new ControlRequest { Verb = ControlRequest.Ready }).Single();
        return (JsonSerializer.Deserialize(line, ControlJson.Default.ReadyAnswer)!, line);
    }

    private static int Ask(string socket, TextWriter output, bool isJson)
    {
        (ReadyAnswer answer, string line) = Ask(socket);
        output.WriteLine(isJson ? line : answer.Text);
        return answer.Ready ? ExitCodes.Done : ExitCodes.Failed;
    }
}
