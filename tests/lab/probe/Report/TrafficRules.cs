namespace IpvsSync.Lab.Report;

/// <summary>
/// Rules for the columns. <c>sound</c>: the load was carried and every message counted; <c>no-more</c>: the daemon sends no more than the
/// kernel; <c>ten-times</c>: ten times less for a persistent service without a refresh period; <c>simulator</c>: the simulator predicts the
/// kernel's traffic.
/// </summary>
internal static class TrafficRules
{
    /// <summary>The simulator's permitted error as a share, but at least one message: where a window cuts a message is chance.</summary>
    private const double SimulatorError = 0.05;
    private const int LargestFrame = 1514;

    public static IEnumerable<string> Faults(List<TrafficColumn> columns, string rule, int exchangesAtLeast)
    {
        List<TrafficColumn> compared = columns.FindAll(column => rule switch
        {
            "sound" => true,
            "no-more" => column.Find("ours") != null,
            "ten-times" => column.Find("ours") != null && column is { Persistence: > 0, Refresh: 0 },
            "simulator" => column.Find("simulator") != null,
            _ => throw new ArgumentException("rules: sound no-more ten-times simulator"),
        });
        if (compared.Count == 0)
            return ["there is nothing to compare"];
        return compared.SelectMany(column => Broken(column, rule, exchangesAtLeast).Select(fault => $"{column.Name}: {fault}"));
    }

    private static IEnumerable<string> Broken(TrafficColumn column, string rule, int exchangesAtLeast)
    {
        if (rule == "sound")
            return column.Runs.SelectMany(run => Unsound(run, exchangesAtLeast));
        if (column.Find("kernel")?.Wire is not { } kernel)
            return ["the kernel was not measured"];
        return rule switch
        {
            "no-more" => More(kernel, column.Find("ours")!.Wire, 1),
            "ten-times" => More(kernel, column.Find("ours")!.Wire, 10),
            _ => Differs(kernel, column.Find("simulator")!.Wire),
        };
    }

    private static IEnumerable<string> Unsound(TrafficRun run, int exchangesAtLeast)
    {
        if (run.Sync != "simulator" && !(run.Client?.ExchangesPerSecond >= exchangesAtLeast))
            yield return $"{run.Sync}: the bed carried {run.Client?.ExchangesPerSecond:F0} exchanges a second, at least {exchangesAtLeast} were asked for";
        if (run.Wire is { Malformed: > 0 } or { Dropped: > 0 })
            yield return $"{run.Sync}: the wire carried what is no sync message, or its watcher missed frames";
    }

    private static IEnumerable<string> More(WireResult kernel, WireResult ours, int times)
    {
        if (ours.Datagrams * times > kernel.Datagrams)
            yield return $"{ours.Datagrams} messages, the kernel {kernel.Datagrams}";
        if (ours.Bytes * times > kernel.Bytes)
            yield return $"{ours.Bytes} bytes, the kernel {kernel.Bytes}";
    }

    private static IEnumerable<string> Differs(WireResult kernel, WireResult simulator)
    {
        if (Math.Abs(simulator.Datagrams - kernel.Datagrams) > Math.Max(1, kernel.Datagrams * SimulatorError))
            yield return $"the simulator says {simulator.Datagrams} messages, the kernel sent {kernel.Datagrams}";
        if (Math.Abs(simulator.Bytes - kernel.Bytes) > Math.Max(LargestFrame, kernel.Bytes * SimulatorError))
            yield return $"the simulator says {simulator.Bytes} bytes, the kernel sent {kernel.Bytes}";
    }
}
