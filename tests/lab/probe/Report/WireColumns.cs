using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>What the sync network carried, as the last columns of a table.</summary>
internal static class WireColumns
{
    public static double BytesPerRecord(IEnumerable<RunResults> runs)
    {
        long records = runs.Sum(run => run.Wire?.Records ?? 0);
        return records == 0 ? double.NaN : runs.Sum(run => run.Wire?.Bytes ?? 0) / (double)records;
    }

    public static string Format(IEnumerable<RunResults> runs)
    {
        long records = runs.Sum(run => run.Wire?.Records ?? 0);
        double each = BytesPerRecord(runs);
        string bytes = double.IsNaN(each) ? "-" : each.ToString("F1", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes,14}{records,9}");
    }
}
