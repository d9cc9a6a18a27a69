using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>The traffic of the sync network, as the last columns of a table.</summary>
internal static class WireColumns
{
    /// <summary>
    /// Bytes a second that messages without records may take: fewer than one after each message, and never more than 50 a second of 31 bytes
    /// and 42 of headers; digests besides.
    /// </summary>
    private const double ControlAtMost = 6000;

    public static double BytesPerRecord(IEnumerable<RunResults> runs)
    {
        long records = runs.Sum(run => run.Wire?.Records ?? 0);
        return records == 0 ? double.NaN : runs.Sum(run => run.Wire?.Bytes ?? 0) / (double)records;
    }

    /// <summary>
    /// The reason why the traffic exceeds <paramref name="bytesAtMost"/> per record, or null. Traffic that was not counted violates every
    /// limit.
    /// </summary>
    public static string? Fault(IEnumerable<RunResults> runs, double? bytesAtMost)
    {
        if (runs.Any(run => run.Wire == null))
            return "the wire was not watched";
        if (runs.Any(run => run.Wire is { Malformed: > 0 } or { Dropped: > 0 }))
            return "the wire carried what is no sync message, or its watcher missed frames";
        if (bytesAtMost != null && ControlPerSecond(runs) > ControlAtMost)
            return $"at most {ControlAtMost} bytes a second without records";
        return bytesAtMost == null || BytesPerRecord(runs) <= bytesAtMost ? null : $"at most {bytesAtMost} bytes a record";
    }

    private static double ControlPerSecond(IEnumerable<RunResults> runs)
        => runs.Sum(run => (double)run.Wire!.ControlBytes) * Clock.NanosecondsPerSecond / runs.Sum(run => run.Wire!.To - run.Wire.From);

    public static string Format(IEnumerable<RunResults> runs)
    {
        long records = runs.Sum(run => run.Wire?.Records ?? 0);
        double each = BytesPerRecord(runs);
        string bytes = double.IsNaN(each) ? "-" : each.ToString("F1", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes,14}{records,9}");
    }
}
