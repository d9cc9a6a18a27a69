using System.CommandLine;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>resync</c>: has the running daemon learn everything anew from its peers, or tell others everything.</summary>
internal static class ResyncCommand
{
    private static readonly Option<string?> s_from = Peer("--from", "Learn from this peer instead of the best one.");

    private static readonly Option<string?> s_to = Peer("--to", "Have this peer learn everything anew from this director, and return at once.");

    private static readonly Option<bool> s_kernels = new("--kernels") { Description = "Tell everything to kernels in the group, which cannot ask for it, and show how far it is." };

    private static readonly Option<int> s_rate = NumberOption.Of(
        "--rate", "N", "With --kernels: tell at most N connections a second.", ResyncVerbs.DefaultRate, 1, ResyncVerbs.MostRate);

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        Command verb = ClientCommand.Verb(
            "resync",
            "Have the running daemon learn everything anew from its peers, and show how far it is; exit status 1 if it did not learn all.",
            configuration,
            Ask);
        verb.Add(s_from);
        verb.Add(s_to);
        verb.Add(s_kernels);
        verb.Add(s_rate);
        verb.Validators.Add(result =>
        {
            if (new[] { result.GetResult(s_from), result.GetResult(s_to), result.GetResult(s_kernels) }.Count(option => option is not null) > 1)
                result.AddError("--from, --to and --kernels exclude each other");
            if (result.GetResult(s_rate) is { Implicit: false } && result.GetResult(s_kernels) is null)
                result.AddError("--rate is for --kernels");
        });
        return verb;
    }

    private static Option<string?> Peer(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "PEER" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., { Value: { } text }] && !SectionReader.TryParseAddress(text, out _))
                result.AddError($"{name}: '{text}' is not the address of a peer, as ipvs-syncd status prints it");
        });
        return option;
    }

    private static int Ask(ParseResult result, string socket, TextWriter output)
    {
        bool isJson = ClientCommand.IsJson(result);
        string line = Begin(socket, Request(result));
        if (result.GetValue(s_kernels))
            return new ResyncProgress(socket, output, isJson).ShowTelling();
        if (result.GetValue(s_to) is not { } peer)
            return new ResyncProgress(socket, output, isJson).ShowLearning(JsonSerializer.Deserialize(line, ControlJson.Default.ResyncAnswer)!.Runs);
        output.WriteLine(isJson ? line : $"{peer} learns everything; ipvs-syncd ready there says how far it is");
        return ExitCodes.Done;
    }

    private static ControlRequest Request(ParseResult result) => new()
    {
        Verb = ControlRequest.Resync,
        From = result.GetValue(s_from),
        To = result.GetValue(s_to),
        Kernels = result.GetValue(s_kernels),
        Rate = result.GetResult(s_rate) is { Implicit: false } ? result.GetValue(s_rate) : null,
    };

    private static string Begin(string socket, ControlRequest request)
    {
        using var client = ControlClient.Connect(socket);
        return client.Ask(request).Single();
    }
}
