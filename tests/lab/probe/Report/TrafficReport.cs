using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>
/// <c>report traffic DIR [--require RULE] [--exchanges-at-least N]</c>: what the kernel's sync, the daemon and the simulator send for the
/// same steady load. Without a rule it prints the table; with a rule, the violations.
/// </summary>
internal static class TrafficReport
{
    public static int Run(Arguments arguments)
    {
        List<TrafficColumn> columns = TrafficColumn.Load(arguments.Positional[1]);
        if (!arguments.Has("require"))
        {
            Print(columns);
            return 0;
        }

        string[] faults = [.. TrafficRules.Faults(columns, arguments.Text("require"), arguments.Number("exchanges-at-least", 0))];
        foreach (string fault in faults)
            Console.WriteLine($"        {fault}");
        return faults.Length == 0 ? 0 : 1;
    }

    private static void Print(List<TrafficColumn> columns)
    {
        Console.WriteLine(
            $"{"threshold",-11}{"refresh",7}{"persistence",13}  {"sync",-10}{"exchanges/s",12}{"messages",10}{"bytes",10}{"entries",9}  kernel/ours: messages, bytes");
        foreach (TrafficColumn column in columns)
        {
            foreach (TrafficRun run in column.Runs.OrderBy(run => run.Sync == "kernel" ? 0 : 1).ThenBy(run => run.Sync, StringComparer.Ordinal))
                Console.WriteLine(Row(column, run));
        }
    }

    private static string Row(TrafficColumn column, TrafficRun run)
    {
        string exchanges = run.Client?.ExchangesPerSecond.ToString("F0", CultureInfo.InvariantCulture) ?? "-";
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"{column.Threshold + " " + column.Period,-11}{column.Refresh,7}{column.Persistence,13}  {run.Sync,-10}{exchanges,12}{run.Wire.Datagrams,10}{run.Wire.Bytes,10}{run.Wire.Records,9}");
        return run.Sync == "ours" && column.Find("kernel") is { } kernel
            ? $"{row}  {Ratio(kernel.Wire.Datagrams, run.Wire.Datagrams)}, {Ratio(kernel.Wire.Bytes, run.Wire.Bytes)}"
            : row;
    }

    private static string Ratio(long kernel, long ours) =>
        ours == 0 ? $"{kernel}/0" : (kernel / (double)ours).ToString("F1", CultureInfo.InvariantCulture);
}
