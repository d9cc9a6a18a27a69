using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Sending;

/// <summary>How many finished messages may wait in a lane.</summary>
internal static class QueueLimits
{
    private const int PageSize = 4096;

    /// <summary>One of so many pages of memory may be taken; the kernel allows as many messages (spec §4.6).</summary>
    private const int PagesShare = 32;

    /// <summary>
    /// Takes <c>SyncQueueLength</c>, or a share of memory as the kernel derives <c>sync_qlen_max</c>. The kernel allows that share to each lane and
    /// one page to each message; here all lanes share it, by the real size of a message.
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
