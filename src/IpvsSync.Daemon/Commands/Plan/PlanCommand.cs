using System.CommandLine;
using System.Globalization;
using System.Text;
using IpvsSync.Daemon.Commands.Plan.Output;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Linux.Files;

namespace IpvsSync.Daemon.Commands.Plan;

/// <summary><c>plan</c>: computes what each sync policy would send for a given traffic, and how well a backup would know it.</summary>
internal static class PlanCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object instead of a table." };

    private static readonly Option<string?> s_svg = new("--svg") { Description = "Also draw the plan into FILE.", HelpName = "FILE" };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build()
    {
        var verb = new Command(
            "plan", "Compare the traffic of sync policies, and how stale they leave a backup. The columns of its table:\n\n" + PlanText.Legend);
        foreach (Option option in PlanArguments.All)
            verb.Add(option);
        verb.Add(s_json);
        verb.Add(s_svg);
        verb.SetAction(Execute);
        return verb;
    }

    private static int Execute(ParseResult result)
    {
        try
        {
            using var interruption = new Interruption();
            PlanOptions options = PlanArguments.Read(result);
            if (options.Workload is { ConnectionsPerSecond: 0, BusyConnections: 0 })
                return CommandTree.Fail(ExitCodes.Usage, "there is no traffic to plan: neither new connections nor busy ones");
            if (Run(options, interruption) is not { } results)
                return Interruption.ExitCode;
            Print(options, results, result.GetValue(s_json));
            if (result.GetValue(s_svg) is { } path)
                Draw(path, options, results);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    private static IReadOnlyList<PlanResult>? Run(PlanOptions options, Interruption interruption)
    {
        int shown = -1;
        IReadOnlyList<PlanResult>? results = Planner.Run(options, () => interruption.IsRequested, Show);
        if (shown >= 0)
            Console.Error.Write("\r           \r");
        return results;

        void Show(double done)
        {
            int percent = (int)(done * 100);
            if (Console.IsErrorRedirected || percent == shown)
                return;
            shown = percent;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rplan: {percent} %"));
        }
    }

    private static void Print(PlanOptions options, IReadOnlyList<PlanResult> results, bool asJson)
    {
        using Stream output = StandardOutput.Open();
        if (asJson)
        {
            PlanJson.Write(output, options, results);
            return;
        }

        using var writer = new StreamWriter(output);
        PlanText.Write(writer, options, results);
    }

    private static void Draw(string path, PlanOptions options, IReadOnlyList<PlanResult> results)
        => RegularFile.Replace(path, Encoding.UTF8.GetBytes(PlanSvg.Render(options, results)));
}
