using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>
/// <c>report crash DIR [--reset-at-most SYNC[@RATE]=N]... [--bytes-at-most SYNC=N]... [--ports-at-least SYNC=N]...</c>: the cost of a
/// crash, and the number of ports of the sync network on which records arrived. Medians of the runs with the range in brackets; the window
/// is the age of the oldest lost connection.
/// </summary>
internal static class CrashReport
{
    public static int Run(Arguments arguments)
    {
        var resets = new Limits(arguments.All("reset-at-most"));
        var bytes = new Limits(arguments.All("bytes-at-most"));
        var ports = new Limits(arguments.All("ports-at-least"));
        List<IGrouping<(string Sync, int Rate), RunResults>> groups = Runs.Load(arguments.Positional[1]);
        bool passed = groups.Count > 0;
        Console.WriteLine($"{"rate/s",6}  {"sync",-24}{"runs",5}{"opened",8}{"survived",10}{"lost, median (range)",22}{"window ms",11}{"bytes/record",14}{"records",9}");
        foreach (IGrouping<(string Sync, int Rate), RunResults> group in groups)
        {
            List<string> faults = [.. Faults(group, resets, bytes, ports)];
            passed &= faults.Count == 0;
            Console.WriteLine(Row(group) + WireColumns.Format(group) + string.Concat(faults.Select(fault => $"  FAILED: {fault}")));
        }

        return passed ? 0 : 1;
    }

    private static string Row(IGrouping<(string Sync, int Rate), RunResults> group)
    {
        int[] lost = [.. group.Select(Lost).Order()];
        string range = string.Create(CultureInfo.InvariantCulture, $"{Median(group)} ({lost[0]}-{lost[^1]})");
        double window = Statistics.Median(group.Select(Fates.WindowMs));
        int opened = group.Sum(run => run.Client.Connections.Count);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Key.Rate,6}  {group.Key.Sync,-24}{group.Count(),5}{opened,8}{opened - lost.Sum(),10}{range,22}{window,11:F0}");
    }

    private static IEnumerable<string> Faults(IGrouping<(string Sync, int Rate), RunResults> group, Limits resets, Limits bytes, Limits ports)
    {
        if (Median(group) > resets.For(group.Key.Sync, group.Key.Rate))
            yield return $"at most {resets.For(group.Key.Sync, group.Key.Rate)} lost";
        if (WireColumns.Fault(group, bytes.For(group.Key.Sync, group.Key.Rate)) is { } fault)
            yield return fault;
        if (group.Any(run => (run.Wire?.RecordsByPort.Count ?? 0) < ports.For(group.Key.Sync, group.Key.Rate)))
            yield return $"at least {ports.For(group.Key.Sync, group.Key.Rate)} ports with records";
        if (group.Any(run => run.Client.Connections.Count == 0 || run.Client.Refused > 0))
            yield return "connections were refused before the crash, or none was opened";
    }

    private static double Median(IEnumerable<RunResults> runs) => Statistics.Median(runs.Select(run => (double)Lost(run)));

    private static int Lost(RunResults run) => run.Client.Connections.Count(Fates.IsLost);
}
