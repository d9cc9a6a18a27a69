using System.CommandLine;
using System.Globalization;
using IpvsSync.Daemon.Commands.Plan.Output;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Hosting;

namespace IpvsSync.Daemon.Commands.Plan;

/// <summary><c>plan</c>: what each sync policy would send for a given traffic, and what a backup would know by it.</summary>
internal static class PlanCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON object instead of a table." };

    private static readonly Option<string?> s_svg = new("--svg") { Description = "Draw the plan into FILE as well.", HelpName = "FILE" };

    /// <summary>The verb with its options.</summary>
    public static Command Build()
    {
        var verb = new Command(
            "plan", "Compare what sync policies send, and how stale they leave a backup. Its table has:\n\n" + PlanText.Legend);
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
            Tell(options, results, result.GetValue(s_json));
            if (result.GetValue(s_svg) is { } path)
                Draw(path, options, results);
            return ExitCodes.Done;
        }
        catch (IOException exception) when (StandardOutput.IsBrokenPipe(exception))
        {
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

    private static void Tell(PlanOptions options, IReadOnlyList<PlanResult> results, bool asJson)
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

    /// <summary>Written beside and then moved, so that nobody finds half of it.</summary>
    private static void Draw(string path, PlanOptions options, IReadOnlyList<PlanResult> results)
    {
        string beside = path + ".new";
        try
        {
            File.WriteAllText(beside, PlanSvg.Render(options, results));
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
