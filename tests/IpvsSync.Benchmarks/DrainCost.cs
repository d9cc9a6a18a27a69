using System.Globalization;

namespace IpvsSync.Benchmarks;

/// <summary>
/// What a drain costs the process beside its time on the clock, which on a busy machine is the scheduler's: processor time, of the cheapest
/// drain, and memory allocated by the calling thread, of the last one. In the summary, a byte a message is none an entry.
/// </summary>
internal sealed class DrainCost
{
    private TimeSpan _usedBefore;
    private TimeSpan _least = TimeSpan.MaxValue;
    private long _allocatedBefore;
    private long _allocated;

    /// <summary>Begins a drain.</summary>
    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _usedBefore = Environment.CpuUsage.TotalTime;
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        TimeSpan used = Environment.CpuUsage.TotalTime - _usedBefore;
        _least = used < _least ? used : _least;
        _allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
    }

    /// <summary>Says what was found.</summary>
    /// <param name="entries">Entries of each drain.</param>
    public void Print(int entries) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"// processor time: {_least.TotalNanoseconds / entries:F0} ns an entry, of the cheapest drain; {_allocated} bytes allocated in the last one"));
}
