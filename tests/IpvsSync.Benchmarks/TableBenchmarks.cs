using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// One update of a known connection, on one thread, for all connections in an order that no cache can predict. The floor is a plain
/// dictionary of the same records without lock, clock and timers. Memory and pauses: <see cref="TableMeasurement"/>.
/// </summary>
[MemoryDiagnoser]
[InThisProcess(warmups: 2, runs: 9)]
[MinColumn]
[MedianColumn]
public class TableBenchmarks
{
    internal const int Updates = 1 << 20;

    // The number of entries per call: more than a message contains, fewer than the receiver gets with one system call.
    private const int PerCall = 64;

    // Odd and coprime to both sizes, so that each connection comes up before any comes up again.
    private const int Stride = 7_368_787;

    private readonly Dictionary<ConnectionKey, ConnectionRecord> _dictionary = [];
    private readonly ConnectionTable _table = new(TimeProvider.System);
    private readonly ConnectionEntry[] _entries = new ConnectionEntry[Updates];
    private readonly ApplyOutcome[] _outcomes = new ApplyOutcome[PerCall];
    private int _number;

    /// <summary>The number of connections in the table.</summary>
    [Params(1_000_000, 10_000_000)]
    public int Connections { get; set; }

    /// <summary>Fills the dictionary.</summary>
    [GlobalSetup(Target = nameof(Dictionary))]
    public void FillDictionary()
    {
        _dictionary.EnsureCapacity(Connections);
        for (int i = 0; i < Connections; i++)
            _dictionary.Add(Sample.Entry(i).Key, default);
    }

    /// <summary>Fills the table.</summary>
    [GlobalSetup(Targets = [nameof(Apply), nameof(ApplyAll)])]
    public void FillTable()
    {
        for (int i = 0; i < Connections; i++)
            _table.Apply(Sample.Entry(i), Origin.Peer);
    }

    /// <summary>Prepares the entries of the next updates.</summary>
    [IterationSetup]
    public void Prepare()
    {
        foreach (ref ConnectionEntry entry in _entries.AsSpan())
        {
            _number = (int)((_number + (long)Stride) % Connections);
            entry = Sample.Entry(_number);
        }
    }

    /// <summary>The floor: a lookup and an overwrite.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void Dictionary()
    {
        foreach (ref readonly ConnectionEntry entry in _entries.AsSpan())
        {
            ref ConnectionRecord record = ref CollectionsMarshal.GetValueRefOrNullRef(_dictionary, entry.Key);
            if (Unsafe.IsNullRef(ref record))
                throw Unknown();
            record.Entry = entry;
        }
    }

    /// <summary>Updates the table one by one.</summary>
    [Benchmark(OperationsPerInvoke = Updates)]
    public void Apply()
    {
        foreach (ref readonly ConnectionEntry entry in _entries.AsSpan())
        {
            if (_table.Apply(entry, Origin.Peer) != ApplyOutcome.Unchanged)
                throw Unknown();
        }
    }

    /// <summary>Updates the table in groups, as the receiver does.</summary>
    [Benchmark(OperationsPerInvoke = Updates)]
    public void ApplyAll()
    {
        ReadOnlySpan<ConnectionEntry> entries = _entries;
        for (; entries.Length > 0; entries = entries[PerCall..])
        {
            _table.ApplyAll(entries[..PerCall], Origin.Peer, _outcomes, _table.NowMs);
            if (_outcomes.AsSpan().ContainsAnyExcept(ApplyOutcome.Unchanged))
                throw Unknown();
        }
    }

    private static InvalidOperationException Unknown() => new("Every connection is meant to be known.");
}
