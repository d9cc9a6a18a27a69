using System.Diagnostics;

namespace IpvsSync.Fuzz;

/// <summary>The work of one thread: makes datagrams, checks them, and checks that reading allocates nothing.</summary>
internal sealed class Worker(byte[][] corpus, int seed, long? count, TimeSpan? time)
{
    private const int Batch = 4096;

    private readonly Mutator _mutator = new(corpus, seed);
    private readonly byte[] _buffer = new byte[Mutator.MaxLength];
    private long _done;

    /// <summary>Checks the datagrams, with the counts of valid and refused ones.</summary>
    public Checker Checker { get; } = new();

    /// <summary>The number of datagrams done; any thread may read it.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>The fault, with its datagram; null if there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Runs to the end, or to the first fault.</summary>
    public void Run(Func<bool> isStopping)
    {
        var clock = Stopwatch.StartNew();
        // The first batch includes the runtime's one-time allocations.
        bool isWarm = false;
        while (Fault == null && !isStopping() && (time == null || clock.Elapsed < time) && (count == null || _done < count))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RunBatch((int)Math.Min(Batch, count - _done ?? Batch));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (isWarm && Fault == null && allocated != 0) Fault = $"{allocated} bytes allocated in a batch of {Batch} datagrams";
            isWarm = true;
        }
    }

    private void RunBatch(int datagrams)
    {
        int length = 0;
        try
        {
            for (int i = 0; i < datagrams; i++)
            {
                length = _mutator.Next(_buffer);
                if (Checker.Check(_buffer.AsSpan(0, length)) is { } fault)
                {
                    Report(fault, length);
                    return;
                }
            }

            Volatile.Write(ref _done, _done + datagrams);
        }
        catch (Exception exception)
        {
            // Any exception is a fault that this program looks for.
            Report(exception.ToString(), length);
        }
    }

    private void Report(string fault, int length) => Fault = $"{fault}\n  datagram {Convert.ToHexStringLower(_buffer.AsSpan(0, length))}";
}
