using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>A real server under one of the services that may have made a connection of the kernel's list.</summary>
/// <param name="Service">The service.</param>
/// <param name="Address">The server's address.</param>
/// <param name="Port">The server's port as it is configured; 0 for the port that the client asks for.</param>
/// <param name="Method">The forwarding method.</param>
internal readonly record struct ListedServer(ServiceName Service, Address Address, ushort Port, ConnectionFlags Method)
{
    /// <summary>
    /// Whether this kernel would have given the connection the port that it has. A peer's connection may have another one.
    /// </summary>
    public bool HasPortOf(in ConnectionEntry entry) => (Port == 0 ? entry.Key.VirtualPort : Port) == entry.RealPort;
}
