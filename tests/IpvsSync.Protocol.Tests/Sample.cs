using System.Net;

namespace IpvsSync.Protocol.Tests;

/// <summary>Entries with the addresses of spec §11, for tests to vary.</summary>
internal static class Sample
{
    internal static ConnectionEntry Tcp(ushort clientPort, ushort virtualPort = 80, ushort realPort = 8080) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Client = IPv4("198.51.100.7"),
            ClientPort = clientPort,
            Virtual = IPv4("203.0.113.10"),
            VirtualPort = virtualPort,
        },
        Real = IPv4("10.0.0.11"),
        RealPort = realPort,
        State = ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        Timeout = 900,
    };

    internal static ConnectionEntry Template(byte protocol, string client, string service, ushort port) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = protocol,
            IsTemplate = true,
            Client = IPv4(client),
            Virtual = IPv4(service),
            VirtualPort = port,
        },
        Real = IPv4("10.0.0.11"),
        RealPort = port,
        Flags = ConnectionFlags.IP_VS_CONN_F_TEMPLATE | ConnectionFlags.IP_VS_CONN_F_INACTIVE,
        Timeout = 360,
    };

    internal static ConnectionEntry IPv6(ushort clientPort)
    {
        ConnectionEntry entry = Tcp(clientPort);
        var address = Address.From(IPAddress.Parse("2001:db8::1:2"));
        return entry with
        {
            Key = entry.Key with { Family = IpFamily.IPv6, Client = address, Virtual = address },
            Real = address,
        };
    }

    internal static ConnectionEntry Of(byte protocol, ushort state)
    {
        ConnectionEntry entry = Tcp(40001);
        return entry with { Key = entry.Key with { Protocol = protocol }, State = state };
    }

    internal static Address IPv4(string address) => Address.From(IPAddress.Parse(address));
}
