using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>A real server and its service, by their very addresses and ports: for one lookup where <see cref="ServiceName"/> needs two.</summary>
internal readonly struct NamedServer : IEquatable<NamedServer>
{
    private readonly Address _virtual;
    private readonly Address _real;

    // From the low end: virtual port 16, real port 16, protocol 8, family 8.
    private readonly ulong _rest;

    private NamedServer(IpFamily family, byte protocol, Address @virtual, ushort virtualPort, Address real, ushort realPort)
    {
        (_virtual, _real) = (@virtual, real);
        _rest = virtualPort | ((ulong)realPort << 16) | ((ulong)protocol << 32) | ((ulong)family << 40);
    }

    /// <summary>What an entry names.</summary>
    public static NamedServer Of(in ConnectionEntry entry)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        return new NamedServer(key.Family, key.Protocol, key.Virtual, key.VirtualPort, entry.Real, entry.RealPort);
    }

    /// <summary>A real server of a service that has an address.</summary>
    public static NamedServer Of(in ServiceName service, (Address Address, ushort Port) server)
        => new(service.Family, service.Protocol, service.Address, service.Port, server.Address, server.Port);

    /// <inheritdoc/>
    public bool Equals(NamedServer other) => _rest == other._rest && _real == other._real && _virtual == other._virtual;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NamedServer other && Equals(other);

    /// <summary>A hash for few keys, which are this director's own: nobody else chooses them.</summary>
    public override int GetHashCode()
    {
        ulong mixed = (_virtual.High ^ _virtual.Low) * 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ _real.High ^ _real.Low) * 0xC2B2_AE3D_27D4_EB4F;
        return (int)(((mixed ^ _rest) * 0x1656_67B1_9E37_79F9) >> 32);
    }
}
