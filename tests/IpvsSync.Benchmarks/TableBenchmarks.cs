using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>
/// One update of a connection that the table knows, by one thread, all connections in an order that no cache foresees. The floor is a
/// plain dictionary of the same records without lock, clock and timers. Memory and pauses: <see cref="TableMeasurement"/>.
/// </summary>
[MemoryDiagnoser]
[InThisProcess(warmups: 2, runs: 9)]
[MinColumn]
[MedianColumn]
public class TableBenchmarks
{
    internal const int Updates = 1 << 20;

    // Entries of a call: more than the receiver brings from a message, fewer than from a system call.
    private const int PerCall = 64;

    // Odd and prime to both sizes, so that each connection comes up before any comes up again.
    private const int Stride = 7_368_787;

    private readonly Dictionary<ConnectionKey, ConnectionRecord> _dictionary = [];
    private readonly ConnectionTable _table = new(TimeProvider.System);
    private readonly ConnectionEntry[] _entries = new ConnectionEntry[Updates];
    private readonly ApplyOutcome[] _outcomes = new ApplyOutcome[PerCall];
    private int _number;

    /// <summary>Connections in the table.</summary>
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

    /// <summary>The entries of the next updates.</summary>
    [IterationSetup]
    public void Prepare()
    {
        foreach (ref ConnectionEntry entry in _entries.AsSpan())
        {
            _number = (int)((_number + (long)Stride) % Connections);
            entry = Sample.Entry(_number);
        }
    }

    /// <summary>The floor: found, and overwritten.</summary>
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

    /// <summary>Updates of the table, one by one.</summary>
    [Benchmark(OperationsPerInvoke = Updates)]
    public void Apply()
    {
        foreach (ref readonly ConnectionEntry entry in _entries.AsSpan())
        {
            if (_table.Apply(entry, Origin.Peer) != ApplyOutcome.Unchanged)
                throw Unknown();
        }
    }

    /// <summary>Updates of the table, as the receiver brings them.</summary>
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
