using System.Diagnostics;
using System.Globalization;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// What the sums by owner cost an update: tables with and without them in turn in one process. Updates that say nothing new, that change the
/// state, and that open connections; median and best of several rounds.
/// </summary>
internal static class AuditMeasurement
{
    private const int Rounds = 15;
    private const int Group = 32;

    private static readonly string[] s_names = ["nothing new", "another state", "a new connection"];

    /// <summary>Measures and prints.</summary>
    public static void Run(int connections)
    {
        ConnectionEntry[] open = Sample.Entries(connections);
        ConnectionEntry[] ending = [.. open.Select(entry => entry with { State = ConnectionState.IP_VS_TCP_S_FIN_WAIT })];
        double[,][] times = new double[2, s_names.Length][];
        for (int kind = 0; kind < times.Length; kind++)
            times[kind / s_names.Length, kind % s_names.Length] = new double[Rounds];
        for (int round = -2; round < Rounds; round++)
        {
            for (int way = 0; way < 2; way++)
            {
                var table = new ConnectionTable(TimeProvider.System, sums: way == 1 ? new OwnerSums() : null);
                table.Expect(connections);
                int at = Math.Max(0, round);
                times[way, 2][at] = Nanoseconds(table, open);
                times[way, 0][at] = Nanoseconds(table, open);
                times[way, 1][at] = Nanoseconds(table, ending);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {connections} connections, ns an update: median (best), without and with the sums; difference of the medians (of the best)"));
        for (int kind = 0; kind < s_names.Length; kind++)
        {
            (double without, double best) = Of(times[0, kind]);
            (double with, double bestWith) = Of(times[1, kind]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"// {s_names[kind],-18} {without,7:F1} ({best:F1})  {with,7:F1} ({bestWith:F1})  {with - without,6:F1} ({bestWith - best:F1})"));
        }
    }

    private static (double Median, double Best) Of(double[] times)
    {
        Array.Sort(times);
        return (times[Rounds / 2], times[0]);
    }

    private static double Nanoseconds(ConnectionTable table, ConnectionEntry[] entries)
    {
        var outcomes = new ApplyOutcome[Group];
        long nowMs = table.NowMs;
        long start = Stopwatch.GetTimestamp();
        for (int first = 0; first < entries.Length; first += Group)
            table.ApplyAll(entries.AsSpan(first, Math.Min(Group, entries.Length - first)), Origin.Local, outcomes, nowMs);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / entries.Length;
    }
}
