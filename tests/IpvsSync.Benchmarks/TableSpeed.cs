using System.Diagnostics;
using System.Globalization;

namespace IpvsSync.Benchmarks;

/// <summary>The updates of <see cref="TableBenchmarks"/> in a minute: table and dictionary in turn in one process, medians of nine.</summary>
internal static class TableSpeed
{
    private const int Rounds = 9;

    /// <summary>Measures and prints.</summary>
    public static void Run(int connections)
    {
        var benchmarks = new TableBenchmarks { Connections = connections };
        benchmarks.FillDictionary();
        benchmarks.FillTable();
        double[] dictionary = new double[Rounds];
        double[] table = new double[Rounds];
        for (int round = -2; round < Rounds; round++)
        {
            dictionary[Math.Max(0, round)] = Nanoseconds(benchmarks.Dictionary);
            table[Math.Max(0, round)] = Nanoseconds(benchmarks.Apply);
        }

        Array.Sort(dictionary);
        Array.Sort(table);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{connections} connections: table {table[Rounds / 2]:F0} ns (best {table[0]:F0}), dictionary {dictionary[Rounds / 2]:F0} ns (best {dictionary[0]:F0}) an update"));
    }

    private static double Nanoseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / TableBenchmarks.Updates;
    }
}
