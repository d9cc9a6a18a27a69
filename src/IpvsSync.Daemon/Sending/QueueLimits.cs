using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Sending;

/// <summary>How many finished messages may wait in a lane.</summary>
internal static class QueueLimits
{
    private const int PageSize = 4096;

    /// <summary>The share of memory that the kernel allows, in pages: one message a page (spec §4.6).</summary>
    private const int PagesShare = 32;

    /// <summary><c>SyncQueueLength</c>, or derived from memory as the kernel derives <c>sync_qlen_max</c>.</summary>
    public static int For(SyncOptions options)
    {
        if (options.SyncQueueLength > 0)
            return options.SyncQueueLength;
        long pages = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PageSize;
        return (int)Math.Clamp(pages / PagesShare, 1, int.MaxValue);
    }
}
