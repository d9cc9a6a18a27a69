namespace IpvsSync.Daemon.Tests;

/// <summary>What code allocates.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that <paramref name="body"/> allocates on this thread: the least of several rounds, since the runtime makes tables of its own (of casts
    /// between types, say) on whichever thread happens to need more of them. A round without any is the last.
    /// </summary>
    public static long Least(Action body)
    {
        long least = long.MaxValue;
        for (int round = 0; least > 0 && round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            body();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
