using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>verify</c>: makes the running daemon compare its table with its kernel's.</summary>
internal static class VerifyCommand
{
    private static readonly Option<int> s_limit =
        NumberOption.Of("--limit", "N", "List at most N differing connections.", ControlVerbs.DefaultLimit, 0, 1_000_000);

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        Command verb = ClientCommand.Verb(
            "verify", "Compare the table of the running daemon with its kernel's; exit status 1 if they differ.", configuration, Request, Print);
        verb.Add(s_limit);
        return verb;
    }

    private static ControlRequest Request(ParseResult result) => new() { Verb = ControlRequest.Verify, Limit = result.GetValue(s_limit) };

    private static int Print(IEnumerable<string> lines, TextWriter output, bool isJson)
    {
        int code = ExitCodes.Done;
        foreach (string line in lines)
        {
            VerifyAnswer answer = JsonSerializer.Deserialize(line, ControlJson.Default.VerifyAnswer)!;
            if (isJson)
                output.WriteLine(line);
            else
                VerifyText.Write(answer, output);
            if (answer.Agreeing != answer.Compared)
                code = ExitCodes.Failed;
        }

        return code;
    }
}
