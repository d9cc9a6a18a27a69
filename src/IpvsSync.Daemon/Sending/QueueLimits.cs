using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Sending;

/// <summary>How many finished messages may wait in a lane.</summary>
internal static class QueueLimits
{
    private const int PageSize = 4096;

    /// <summary>The share of memory that the kernel allows, in pages: one message a page (spec §4.6).</summary>
    private const int PagesShare = 32;

    /// <summary>
    /// <c>SyncQueueLength</c>, or a share of memory as the kernel derives <c>sync_qlen_max</c>; but for all lanes together, and
    /// for messages of the size they have.
    /// </summary>
    public static int For(SyncOptions options, int messageSize)
    {
        if (options.SyncQueueLength > 0)
            return options.SyncQueueLength;
        long pages = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PageSize / PagesShare;
        long pagesPerMessage = (messageSize + PageSize - 1) / PageSize;
        return (int)Math.Clamp(pages / pagesPerMessage / options.SyncPorts, 1, int.MaxValue);
    }
}
