using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>The virtual services of a director, looked up as the kernel does (spec §6.4): mark, exact address, port 0.</summary>
internal sealed class ServiceTable
{
    private readonly Dictionary<Name, VirtualService> _services = [];

    /// <summary>Adds a service.</summary>
    /// <exception cref="ArgumentException">The service exists already, or its options are not valid.</exception>
    public VirtualService Add(VirtualServiceOptions options)
    {
        VirtualService service = new(options);
        _services.Add(new Name(options.Family, options.Fwmark, options.Protocol, options.Address, options.Port), service);
        return service;
    }

    /// <summary>The service of a client's packet; null if there is none.</summary>
    public VirtualService? Find(in Packet packet)
    {
        if (packet.Fwmark != 0 && _services.TryGetValue(new Name(packet.Family, packet.Fwmark, 0, default, 0), out VirtualService? marked))
            return marked;
        Name exact = new(packet.Family, 0, packet.Protocol, packet.Virtual, packet.VirtualPort);
        return _services.GetValueOrDefault(exact) ?? _services.GetValueOrDefault(exact with { Port = 0 });
    }

    private readonly record struct Name(IpFamily Family, uint Fwmark, byte Protocol, Address Address, ushort Port);
}
