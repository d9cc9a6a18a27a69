using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>
/// <c>report story DIR [--reset-at-most SYNC=N]</c>: the fates of the connections, for people: one row per run, labelled with the kind of
/// sync and with whether the clients were silent. The window is the age of the oldest lost connection.
/// </summary>
internal static class StoryReport
{
    private const int BarWidth = 20;

    public static int Run(Arguments arguments)
    {
        var resets = new Limits(arguments.All("reset-at-most"));
        bool passed = true;
        Console.WriteLine($"{"clients",-9}{"kept in step by",-22}{"opened",7}{"survived",10}{"reset",7}{"window ms",11}");
        foreach (RunResults run in Runs.Load(arguments.Positional[1]).SelectMany(group => group).OrderBy(run => run.Client.Silent))
        {
            int opened = run.Client.Connections.Count;
            int lost = run.Client.Connections.Count(Fates.IsLost);
            passed &= opened > 0 && (resets.For(run.Sync, run.Rate) is not { } most || lost <= most);
            Console.WriteLine(Row(run, opened, lost));
        }

        return passed ? 0 : 1;
    }

    private static string Row(RunResults run, int opened, int lost)
    {
        string clients = run.Client.Silent ? "silent" : "talking";
        string bar = new string('#', BarWidth * (opened - lost) / Math.Max(1, opened)).PadRight(BarWidth, '.');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{clients,-9}{Name(run.Sync),-22}{opened,7}{opened - lost,10}{lost,7}{Fates.WindowMs(run),11:F0}   {bar}");
    }

    private static string Name(string sync) => sync switch
    {
        "ours" => "ipvs-syncd",
        "kernel-defaults" => "the kernel's daemon",
        "kernel-tuned" => "the kernel's, tuned",
        _ => sync,
    };
}
