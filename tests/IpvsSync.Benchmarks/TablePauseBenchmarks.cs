using BenchmarkDotNet.Attributes;

namespace IpvsSync.Benchmarks;

/// <summary>Prints what <see cref="TableMeasurement"/> finds: memory and pauses of a table that grows and expires.</summary>
[InThisProcess(warmups: 0, runs: 1)]
public class TablePauseBenchmarks
{
    /// <summary>Connections in the table.</summary>
    [Params(10_000_000)]
    public int Connections { get; set; }

    /// <summary>All of it, once; the time it takes means nothing.</summary>
    [Benchmark]
    public void GrowAndExpire() => TableMeasurement.Run(Connections);
}
