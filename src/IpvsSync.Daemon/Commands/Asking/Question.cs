using System.CommandLine;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Asking;

/// <summary>What the verbs share that ask a running daemon.</summary>
internal static class Question
{
    private static readonly Option<string?> s_socket = new("--socket")
    {
        Description = "The daemon's control socket; by default ControlSocket of the configuration file.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON object a line, as the daemon sends it." };

    /// <summary>A verb that asks <paramref name="request"/> and has <paramref name="tell"/> write the answer.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="configuration">Where the configuration comes from.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="tell">Writes the lines of the answer in words, or as they are if it is told so, and returns the exit code.</param>
    public static Command Verb(
        string name,
        string description,
        Func<ParseResult, ConfigurationSource> configuration,
        Func<ParseResult, ControlRequest> request,
        Func<IEnumerable<string>, TextWriter, bool, int> tell)
    {
        var verb = new Command(name, description) { s_socket, s_json };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(result => Ask(
            () => result.GetValue(s_socket) ?? configuration(result).ReadControlSocket(CommandTree.DefaultConfig),
            request(result),
            (lines, output) => tell(lines, output, result.GetValue(s_json))));
        return verb;
    }

    private static int Ask(Func<string> socket, ControlRequest request, Func<IEnumerable<string>, TextWriter, int> tell)
    {
        try
        {
            using var client = ControlClient.Connect(socket());
            using var output = new StreamWriter(StandardOutput.Open());
            return tell(client.Ask(request), output);
        }
        catch (ConfigurationException exception)
        {
            return CommandTree.Fail(ExitCodes.Usage, exception.Message);
        }
        catch (ControlException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
        catch (IOException exception) when (StandardOutput.IsBrokenPipe(exception))
        {
            return ExitCodes.Done;
        }
    }
}
