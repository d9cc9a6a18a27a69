using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>What decides which real server a connection needs (spec §6.4).</summary>
internal readonly record struct UnboundNeed(
    IpFamily Family, byte Protocol, Address Virtual, ushort VirtualPort, uint Fwmark, Address Real, ushort RealPort)
{
    /// <summary>The need of a connection.</summary>
    public static UnboundNeed Of(in ConnectionEntry entry)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        return new(key.Family, key.Protocol, key.Virtual, key.VirtualPort, entry.Fwmark, entry.Real, entry.RealPort);
    }

    /// <summary>An entry with this need.</summary>
    public ConnectionEntry ToEntry() => new()
    {
        Key = new ConnectionKey { Family = Family, Protocol = Protocol, Virtual = Virtual, VirtualPort = VirtualPort },
        Fwmark = Fwmark,
        Real = Real,
        RealPort = RealPort,
    };
}
