using BenchmarkDotNet.Attributes;

namespace IpvsSync.Benchmarks;

/// <summary>Prints the results of <see cref="TableMeasurement"/>: memory and pauses of a table that grows and expires.</summary>
[InThisProcess(warmups: 0, runs: 1)]
public class TablePauseBenchmarks
{
    /// <summary>The number of connections in the table.</summary>
    [Params(10_000_000)]
    public int Connections { get; set; }

    /// <summary>Runs the whole measurement once; the time of the benchmark itself has no meaning.</summary>
    [Benchmark]
    public void GrowAndExpire() => TableMeasurement.Run(Connections);
}
