using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>
/// <c>report fresh DIR [--median-at-most SYNC@RATE=MS]... [--tuned-percent-at-most SYNC@RATE=N]... [--bytes-at-most SYNC@RATE=N]...</c>:
/// the delay from the client's handshake to the entry in the backup's kernel. The k-th handshake is compared with the time at which the
/// backup had k connections. A limit in percent refers to the median of the tuned kernel at the same rate, which also grows on a slow
/// machine.
/// </summary>
internal static class FreshReport
{
    private const string Tuned = "kernel-tuned";

    public static int Run(Arguments arguments)
    {
        var limits = new Limits(arguments.All("median-at-most"));
        var shares = new Limits(arguments.All("tuned-percent-at-most"));
        var bytes = new Limits(arguments.All("bytes-at-most"));
        List<IGrouping<(string Sync, int Rate), RunResults>> groups = Runs.Load(arguments.Positional[1]);
        bool passed = groups.Count > 0;
        Console.WriteLine($"{"rate/s",6}  {"sync",-18}{"opened",8}{"missing",9}{"median ms",11}{"99 % ms",9}{"worst ms",10}{"bytes/record",14}{"records",9}");
        foreach (IGrouping<(string Sync, int Rate), RunResults> group in groups)
        {
            double[] delays = [.. group.SelectMany(Delays).Order()];
            int missing = group.Sum(Missing);
            double median = Statistics.Median(delays);
            double? share = shares.For(group.Key.Sync, group.Key.Rate) / 100 * TunedMedian(groups, group.Key.Rate);
            double? limit = limits.For(group.Key.Sync, group.Key.Rate) ?? share;
            bool kept = limit == null || (median <= limit && missing == 0);
            string? wireFault = WireColumns.Fault(group, bytes.For(group.Key.Sync, group.Key.Rate));
            passed &= kept && wireFault == null;
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Key.Rate,6}  {group.Key.Sync,-18}{group.Sum(r => r.Client.Connections.Count),8}{missing,9}{median,11:F1}{Statistics.Quantile(delays, 0.99),9:F1}{(delays.Length > 0 ? delays[^1] : double.NaN),10:F1}");
            Console.WriteLine(line + WireColumns.Format(group) + Verdict(kept, limit) + (wireFault == null ? "" : $"  FAILED: {wireFault}"));
        }

        return passed ? 0 : 1;
    }

    private static string Verdict(bool kept, double? limit) =>
        limit == null ? "" : $"  {(kept ? "ok" : "FAILED")}: at most {limit:0.#} ms and none missing";

    /// <summary>The tuned kernel's median; NaN if it did not run, so that no limit derived from it is met.</summary>
    private static double TunedMedian(List<IGrouping<(string Sync, int Rate), RunResults>> groups, int rate) =>
        Statistics.Median(groups.Where(group => group.Key == (Tuned, rate)).SelectMany(group => group).SelectMany(Delays).Order());

    private static IEnumerable<double> Delays(RunResults run)
    {
        IReadOnlyList<long> reached = run.Watch?.ReachedAt ?? [];
        long[] opened = [.. run.Client.Connections.Select(c => c.HandshakeAt).Order()];
        for (int k = 0; k < Math.Min(reached.Count, opened.Length); k++)
            yield return (reached[k] - opened[k]) / (double)Clock.NanosecondsPerMillisecond;
    }

    /// <summary>Counts by key, not by number: the client's connections that are not in the backup's table at the end.</summary>
    private static int Missing(RunResults run) =>
        run.Client.Connections.Select(c => c.Port).Except(run.Watch?.Ports ?? []).Count();
}
