using System.Globalization;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The cost of a drain to the process beside its elapsed time, which on a busy machine depends on the scheduler: the processor time of the
/// cheapest drain, and the memory that the calling thread allocated in the last one. In the benchmark's summary, one byte per message
/// rounds to none per entry.
/// </summary>
internal sealed class DrainCost
{
    private TimeSpan _usedBefore;
    private TimeSpan _least = TimeSpan.MaxValue;
    private long _allocatedBefore;
    private long _allocated;

    /// <summary>Starts a drain.</summary>
    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _usedBefore = Environment.CpuUsage.TotalTime;
    }

    /// <summary>Ends a drain.</summary>
    public void End()
    {
        TimeSpan used = Environment.CpuUsage.TotalTime - _usedBefore;
        _least = used < _least ? used : _least;
        _allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
    }

    /// <summary>Prints the cost.</summary>
    /// <param name="entries">The number of entries in each drain.</param>
    public void Print(int entries) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"// processor time: {_least.TotalNanoseconds / entries:F0} ns an entry, of the cheapest drain; {_allocated} bytes allocated in the last one"));
}
