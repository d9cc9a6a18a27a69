using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>
/// Always the same server for the same client while the servers and their weights stay. The hash is not the kernel's: which client goes
/// where differs, that it stays there does not.
/// </summary>
internal sealed class SourceHashing : IScheduler
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const int AddressLength = 16;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        int total = 0;
        foreach (RealServer server in servers)
            total += server.Weight;
        if (total == 0)
            return null;
        int place = (int)(Hash(client) % (uint)total);
        foreach (RealServer server in servers)
        {
            place -= server.Weight;
            if (place < 0)
                return server;
        }

        return null;
    }

    private static uint Hash(Address client)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        client.CopyTo(bytes);
        ulong folded = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return (uint)(folded * Multiplier >> 32);
    }
}
