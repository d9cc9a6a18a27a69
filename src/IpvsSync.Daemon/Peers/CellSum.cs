namespace IpvsSync.Daemon.Peers;

/// <summary>
/// The sum over the connections of a cell (docs/protocol.md, "Audit"): in the low 24 bits how many there are, above it 40 bits of the sum of their
/// hashes. Sums are added and subtracted as whole numbers; two directors with the same connections have the same sum.
/// </summary>
internal static class CellSum
{
    /// <summary>Cells of each owner. The low bits of a cell are the lane.</summary>
    public const int Cells = 4096;

    /// <summary>Groups of cells that a digest has sums of.</summary>
    public const int Groups = 64;

    /// <summary>Cells of a group, which lie side by side.</summary>
    public const int CellsOfGroup = Cells / Groups;

    private const int CountBits = 24;
    private const ulong CountMask = (1UL << CountBits) - 1;
    private const ulong Odd = 0x9E3779B97F4A7C15;

    /// <summary>The cell of a connection.</summary>
    /// <param name="stableHash">The stable hash of its key.</param>
    public static int CellOf(ulong stableHash) => (int)(stableHash % Cells);

    /// <summary>What one connection adds to its cell.</summary>
    /// <param name="stableHash">The stable hash of its key.</param>
    /// <param name="real">Its real server's address, folded to 64 bits.</param>
    /// <param name="realPort">Its real server's port.</param>
    /// <param name="isOpen">Whether it is in an open state.</param>
    public static ulong Of(ulong stableHash, ulong real, ushort realPort, bool isOpen)
    {
        ulong server = (real ^ ((ulong)realPort << 40) ^ (isOpen ? 1UL << 63 : 0)) * Odd;
        ulong high = Math.BigMul(stableHash ^ (server >> 29) ^ server, Odd, out ulong low);
        return ((high ^ low) << CountBits) | 1;
    }

    /// <summary>How many connections a sum is of.</summary>
    public static int Count(ulong sum) => (int)(sum & CountMask);
}
