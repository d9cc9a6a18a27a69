using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The common parts of the verbs that send a request to a running daemon.</summary>
internal static class ClientCommand
{
    private static readonly Option<string?> s_socket = new("--socket")
    {
        Description = "The daemon's control socket. The default is ControlSocket of the configuration file.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object per line, as the daemon sends it." };

    /// <summary>Builds a verb that sends <paramref name="request"/> and has <paramref name="print"/> write the answer.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">The description for the help.</param>
    /// <param name="configuration">Returns the source of the configuration.</param>
    /// <param name="request">Makes the request.</param>
    /// <param name="print">
    /// Writes the lines of the answer, as text or, if its last argument is true, unchanged, and returns the exit code.
    /// </param>
    public static Command Verb(
        string name,
        string description,
        Func<ParseResult, ConfigurationSource> configuration,
        Func<ParseResult, ControlRequest> request,
        Func<IEnumerable<string>, TextWriter, bool, int> print)
        => Verb(name, description, configuration, (result, socket, output) =>
        {
            using var client = ControlClient.Connect(socket);
            return print(client.Ask(request(result)), output, IsJson(result));
        });

    /// <summary>Builds a verb that sends its own requests.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">The description for the help.</param>
    /// <param name="configuration">Returns the source of the configuration.</param>
    /// <param name="ask">Sends requests to the daemon at that socket, writes the answer, and returns the exit code.</param>
    public static Command Verb(
        string name, string description, Func<ParseResult, ConfigurationSource> configuration, Func<ParseResult, string, TextWriter, int> ask)
    {
        var verb = new Command(name, description) { s_socket, s_json };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(result => Ask(
            () => result.GetValue(s_socket) ?? configuration(result).ReadControlSocket(CommandTree.DefaultConfig),
            (socket, output) => ask(result, socket, output)));
        return verb;
    }

    /// <summary>Whether the answer is printed as the daemon sends it.</summary>
    public static bool IsJson(ParseResult result) => result.GetValue(s_json);

    private static int Ask(Func<string> socket, Func<string, TextWriter, int> ask)
    {
        try
        {
            using var output = new StreamWriter(StandardOutput.Open());
            return ask(socket(), output);
        }
        catch (ConfigurationException exception)
        {
            return CommandTree.Fail(ExitCodes.Usage, exception.Message);
        }
        catch (ControlException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
        catch (JsonException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, $"The answer is not understood; is the daemon of another version? {exception.Message}");
        }
    }
}
