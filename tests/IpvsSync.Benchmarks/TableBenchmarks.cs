using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// One update of a connection that the table knows, by one thread, all connections in an order that no cache foresees. The floor is a
/// plain dictionary of the same records without lock, clock and timers. Memory and pauses: <see cref="TableMeasurement"/>.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Throughput, launchCount: 1, warmupCount: 2, iterationCount: 9, invocationCount: 1)]
[MedianColumn]
public class TableBenchmarks
{
    internal const int Updates = 1_000_000;

    // Odd and prime to both sizes, so that each connection comes up before any comes up again.
    private const int Stride = 7_368_787;

    private readonly Dictionary<ConnectionKey, ConnectionRecord> _dictionary = [];
    private readonly ConnectionTable _table = new(TimeProvider.System);
    private int _number;

    /// <summary>Connections in the table.</summary>
    [Params(1_000_000, 10_000_000)]
    public int Connections { get; set; }

    /// <summary>Fills the dictionary.</summary>
    [GlobalSetup(Target = nameof(Dictionary))]
    public void FillDictionary()
    {
        for (int i = 0; i < Connections; i++)
            _dictionary.Add(Sample.Entry(i).Key, default);
    }

    /// <summary>Fills the table.</summary>
    [GlobalSetup(Target = nameof(Apply))]
    public void FillTable()
    {
        for (int i = 0; i < Connections; i++)
            _table.Apply(Sample.Entry(i), Origin.Peer);
    }

    /// <summary>The floor: found, and overwritten.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void Dictionary()
    {
        for (int i = 0; i < Updates; i++)
        {
            ConnectionEntry entry = Next();
            ref ConnectionRecord record = ref CollectionsMarshal.GetValueRefOrNullRef(_dictionary, entry.Key);
            if (Unsafe.IsNullRef(ref record))
                throw new InvalidOperationException("Every connection is meant to be known.");
            record.Entry = entry;
        }
    }

    /// <summary>An update of the table.</summary>
    [Benchmark(OperationsPerInvoke = Updates)]
    public void Apply()
    {
        for (int i = 0; i < Updates; i++)
        {
            if (_table.Apply(Next(), Origin.Peer) != ApplyOutcome.Unchanged)
                throw new InvalidOperationException("Every connection is meant to be known.");
        }
    }

    private ConnectionEntry Next()
    {
        _number = (int)((_number + (long)Stride) % Connections);
        return Sample.Entry(_number);
    }
}
