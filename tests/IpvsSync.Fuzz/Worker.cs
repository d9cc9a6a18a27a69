using System.Diagnostics;

namespace IpvsSync.Fuzz;

/// <summary>One thread's share: makes datagrams, checks them, and watches that reading allocates nothing.</summary>
internal sealed class Worker(byte[][] corpus, int seed, long? count, TimeSpan? time)
{
    private const int Batch = 4096;

    private readonly Mutator _mutator = new(corpus, seed);
    private readonly byte[] _buffer = new byte[Mutator.MaxLength];
    private long _done;

    /// <summary>What was read and refused.</summary>
    public Checker Checker { get; } = new();

    /// <summary>How many datagrams are done; may be asked by any thread.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>What was found, with the datagram; null if nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Runs to the end, or to the first fault.</summary>
    public void Run(Func<bool> isStopping)
    {
        var clock = Stopwatch.StartNew();
        // The first batch pays for what the runtime allocates once.
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
                    Tell(fault, length);
                    return;
                }
            }

            Volatile.Write(ref _done, _done + datagrams);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is what this program looks for.
            Tell(exception.ToString(), length);
        }
    }

    private void Tell(string fault, int length) => Fault = $"{fault}\n  datagram {Convert.ToHexStringLower(_buffer.AsSpan(0, length))}";
}
