using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests;

/// <summary>Connections for tests, each of its own client port.</summary>
internal static class Entries
{
    /// <summary>An established TCP connection number <paramref name="number"/>.</summary>
    public static ConnectionEntry Tcp(int number, ushort state = 1, uint timeout = 900) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Client = Address.FromIPv4(0xC6336400u + (uint)(number / 60000)),
            ClientPort = (ushort)(1 + (number % 60000)),
            Virtual = Address.FromIPv4(0xCB00710A),
            VirtualPort = 80,
        },
        Real = Address.FromIPv4(0x0A00000B),
        RealPort = 8080,
        State = state,
        Timeout = timeout,
    };
}
