using System.Diagnostics;
using System.Globalization;

namespace IpvsSync.Benchmarks;

/// <summary>A short version of <see cref="TableBenchmarks"/>: table and dictionary in turn in one process, medians of nine.</summary>
internal static class TableSpeed
{
    private const int Rounds = 9;

    /// <summary>Measures and prints.</summary>
    public static void Run(int connections)
    {
        var benchmarks = new TableBenchmarks { Connections = connections };
        benchmarks.FillDictionary();
        benchmarks.FillTable();
        (string Name, Action Run, double[] Nanoseconds)[] ways =
        [
            ("dictionary", benchmarks.Dictionary, new double[Rounds]),
            ("one by one", benchmarks.Apply, new double[Rounds]),
            ("many", benchmarks.ApplyAll, new double[Rounds]),
        ];
        for (int round = -2; round < Rounds; round++)
        {
            benchmarks.Prepare();
            foreach ((_, Action run, double[] nanoseconds) in ways)
                nanoseconds[Math.Max(0, round)] = Nanoseconds(run);
        }

        foreach ((string name, _, double[] nanoseconds) in ways)
        {
            Array.Sort(nanoseconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{connections} connections, {name}: {nanoseconds[Rounds / 2]:F0} ns (best {nanoseconds[0]:F0}) an update"));
        }
    }

    private static double Nanoseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / TableBenchmarks.Updates;
    }
}
