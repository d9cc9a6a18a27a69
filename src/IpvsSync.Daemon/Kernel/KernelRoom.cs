using System.Globalization;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Bounds the peers' connections by what this director's kernel can hold beside its own: its limit of connections (<c>conn_max</c>), where it has
/// one, and the memory of the machine. The injector would go on for ever: at its limit the kernel drops connections and says nothing, its own
/// as well (spec §13.1, row 14), and without a limit it takes the last of the memory. For one thread.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="sysctls">The kernel's settings.</param>
/// <param name="memory">Reads the memory of the machine; null when it cannot be read.</param>
internal sealed class KernelRoom(ConnectionTable table, IpvsSysctls sysctls, Func<SystemMemory?> memory)
{
    /// <summary>Bytes of memory that one more connection takes: 342 in the kernel (spec §13.2), the rest in the table and its index.</summary>
    public const int ConnectionBytes = 342 + 84;

    /// <summary>One of so many bytes of the memory is not for the peers' connections.</summary>
    private const int ReserveShare = 16;

    private int? _limit;

    /// <summary>Looks at both limits, and has the table refuse what is beyond. Called about once a second.</summary>
    /// <returns>True if the kernel's limit has been raised: what the kernel has dropped at the old one may have room now.</returns>
    public bool Check()
    {
        int? before = _limit;
        _limit = ReadLimit();
        table.KernelLimit = _limit ?? 0;
        PeerBound kernel = new(OfKernel(), ApplyOutcome.KernelFull);
        PeerBound machine = new(OfMemory(), ApplyOutcome.MemoryShort);
        PeerBound bound = kernel.Most <= machine.Most ? kernel : machine;
        if (table.PeerBound != bound)
            table.PeerBound = bound;
        return _limit > before;
    }

    /// <summary>A share of the limit is kept for the director's own connections, more if there are more.</summary>
    private int OfKernel()
    {
        if (_limit is not { } limit)
            return int.MaxValue;
        int own = table.Count - table.Peers;
        return Math.Max(0, Math.Min(TableRoom.PeersOf(limit), limit - own));
    }

    private int OfMemory()
    {
        if (memory() is not { } bytes)
            return int.MaxValue;
        long spare = Math.Max(0, bytes.Available - (bytes.Total / ReserveShare));
        return (int)Math.Min(int.MaxValue, table.Peers + (spare / ConnectionBytes));
    }

    private int? ReadLimit()
    {
        try
        {
            return sysctls.Exists(IpvsSysctls.ConnMax)
                && int.TryParse(sysctls.Read(IpvsSysctls.ConnMax), NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }
}
