using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>
/// Always the same server for the same client while the servers and their weights stay. Of 256 places the servers in turn take as many as
/// they weigh, again and again; one of weight 0 takes one place, and who hashes there is refused. Hash and places are the kernel's
/// (<c>tests/lab/run policy</c>).
/// </summary>
internal sealed class SourceHashing : IScheduler
{
    /// <summary>2 to the power of 32 over the square of the golden ratio.</summary>
    private const uint Multiplier = 0x61C88647;

    private const int PlaceShift = 24;
    private const int AddressLength = 16;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        int total = 0;
        foreach (RealServer server in servers)
            total += Places(server);
        if (total == 0)
            return null;
        int place = (int)(Fold(client) * Multiplier >> PlaceShift) % total;
        foreach (RealServer server in servers)
        {
            place -= Places(server);
            if (place < 0)
                return server.Weight > 0 ? server : null;
        }

        return null;
    }

    private static int Places(RealServer server) => Math.Max(server.Weight, 1);

    private static uint Fold(Address client)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        client.CopyTo(bytes);
        uint folded = 0;
        for (; !bytes.IsEmpty; bytes = bytes[sizeof(uint)..])
            folded ^= BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return folded;
    }
}
