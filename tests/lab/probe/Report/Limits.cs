using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>Limits: <c>SYNC=N</c> for every rate, or <c>SYNC@RATE=N</c> for one.</summary>
internal sealed class Limits(IEnumerable<string> texts)
{
    private readonly Dictionary<string, double> _limits = texts
        .Select(text => text.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));

    public double? For(string sync, int rate) =>
        _limits.TryGetValue($"{sync}@{rate}", out double limit) || _limits.TryGetValue(sync, out limit) ? limit : null;
}
