using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>role</c>: changes the role of the running daemon until it is restarted.</summary>
internal static class RoleCommand
{
    private static readonly Argument<string> s_role = new("ROLE") { Description = "Send this director's connections, receive those of the peers, or both." };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        s_role.AcceptOnlyFromAmong([.. RoleText.Names]);
        Command verb = ClientCommand.Verb(
            "role", "Change the role of the running daemon until it is restarted; return when the change is complete.", configuration, Request, Print);
        verb.Add(s_role);
        return verb;
    }

    private static ControlRequest Request(ParseResult result) => new() { Verb = ControlRequest.ChangeRole, Role = result.GetValue(s_role) };

    private static int Print(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        foreach (string line in lines)
        {
            if (isJson)
                output.WriteLine(line);
            else
                ChangeText.Write(JsonSerializer.Deserialize(line, ControlJson.Default.RoleAnswer)!, output);
        }

        return ExitCodes.Done;
    }
}
