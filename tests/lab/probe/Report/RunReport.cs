using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary><c>report run DIR</c>: one run in one line, before the others have run.</summary>
internal static class RunReport
{
    public static int Run(Arguments arguments)
    {
        RunResults run = Runs.Load(arguments.Positional[1]).Single().Single();
        string fates = string.Join(", ", run.Client.Connections.GroupBy(c => c.Fate).Select(fate => $"{fate.Count()} {fate.Key}"));
        double cut = run.Cut == null ? 0 : (run.Cut.At[^1] - run.Cut.At[0]) / (double)Clock.NanosecondsPerMillisecond;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Client.Connections.Count} opened: {fates}; cut within {cut:F2} ms; {Wire(run.Wire)}"));
        return 0;
    }

    private static string Wire(WireResult? wire)
    {
        if (wire == null)
            return "the wire was not watched";
        string text = $"{wire.Records} records in {wire.Datagrams} datagrams";
        return wire.RecordsByPort.Count < 2 ? text : $"{text}, by port {string.Join(", ", wire.RecordsByPort.Select(port => $"{port.Key}: {port.Value}"))}";
    }
}
