using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>The connections of all benchmarks: TCP over IPv4, established, each from a different client endpoint.</summary>
internal static class Sample
{
    /// <summary>The first <paramref name="count"/> connections.</summary>
    public static ConnectionEntry[] Entries(int count) => [.. Enumerable.Range(0, count).Select(Entry)];

    /// <summary>Connection number <paramref name="number"/>, below 2^21.</summary>
    public static ConnectionEntry Entry(int number) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Client = Address.FromIPv4(0xC6120000u + (uint)(number >> 4)),
            ClientPort = (ushort)(40000 + (number & 15)),
            Virtual = Address.FromIPv4(0xCB00710A),
            VirtualPort = 80,
        },
        Real = Address.FromIPv4(0x0A00000B),
        RealPort = 8080,
        State = ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        Timeout = 900,
    };
}
