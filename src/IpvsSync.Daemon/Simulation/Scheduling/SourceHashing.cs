using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>
/// Chooses the same server for the same client as long as the servers and their weights stay. The servers fill 256 slots in turn, each as
/// many as its weight, repeatedly. A server of weight 0 fills one slot, and clients that hash to it are refused. Hash and slots are those
/// of the kernel (<c>tests/lab/run policy</c>).
/// </summary>
internal sealed class SourceHashing : IScheduler
{
    /// <summary>2 to the power of 32 over the square of the golden ratio.</summary>
    private const uint Multiplier = 0x61C88647;

    private const int SlotShift = 24;
    private const int AddressLength = 16;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        int total = 0;
        foreach (RealServer server in servers)
            total += Slots(server);
        if (total == 0)
            return null;
        int slot = (int)(Fold(client) * Multiplier >> SlotShift) % total;
        foreach (RealServer server in servers)
        {
            slot -= Slots(server);
            if (slot < 0)
                return server.Weight > 0 ? server : null;
        }

        return null;
    }

    private static int Slots(RealServer server) => Math.Max(server.Weight, 1);

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
