using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control;

/// <summary>The requested conditions on connections. A condition that is not given matches every connection.</summary>
internal sealed class ConnectionFilter
{
    private readonly (IpFamily Family, Address Address, ushort Port)? _service;
    private readonly (IpFamily Family, Address Address)? _client;
    private readonly string? _state;
    private readonly Origin? _origin;

    /// <summary>Makes the filter of <paramref name="request"/>.</summary>
    /// <exception cref="ControlException">A value of the request is not valid.</exception>
    public ConnectionFilter(ControlRequest request)
    {
        if (request.Service is { } service)
        {
            _service = EndpointText.TryParse(service, out IpFamily family, out Address address, out ushort port)
                ? (family, address, port)
                : throw new ControlException($"'{service}' is no service: 10.1.0.100:80 or [2001:db8::1]:80 is.");
        }

        if (request.Client is { } client)
        {
            _client = EndpointText.TryParseAddress(client, out IpFamily family, out Address address)
                ? (family, address)
                : throw new ControlException($"'{client}' is no address of a client.");
        }

        _state = request.State;
        _origin = request.Origin switch
        {
            null => null,
            OriginText.Local => Origin.Local,
            OriginText.Peer => Origin.Peer,
            _ => throw new ControlException($"'{request.Origin}' is no origin: {OriginText.Local} and {OriginText.Peer} are."),
        };
    }

    /// <summary>Whether a record matches.</summary>
    public bool Includes(in ConnectionRecord record)
    {
        ConnectionKey key = record.Entry.Key;
        return (_origin is null || _origin == record.Origin)
            && (_service is null || _service == (key.Family, key.Virtual, key.VirtualPort))
            && (_client is null || _client == (key.Family, key.Client))
            && (_state is null || _state.Equals(ConnectionState.Name(key.Protocol, record.Entry.State, key.IsTemplate), StringComparison.OrdinalIgnoreCase));
    }
}
