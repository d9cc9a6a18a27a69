using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Flow;

/// <summary>How many connections the table may hold.</summary>
internal static class TableLimit
{
    /// <summary>Connections may take one of so many bytes of the memory, in the kernel and here together.</summary>
    private const int MemoryShare = 2;

    /// <summary>What every machine can hold.</summary>
    private const int Least = 1 << 12;

    /// <summary>Takes <c>MaxConnections</c>, or what half of the memory holds.</summary>
    public static int For(SyncOptions options)
    {
        if (options.MaxConnections > 0)
            return options.MaxConnections;
        long held = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare / KernelRoom.ConnectionBytes;
        return (int)Math.Clamp(held, Least, ConnectionTable.MaxConnections);
    }
}
