using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// A key in 16 bytes: the low 32 bits of both addresses, and everything else. An IPv4 key fits whole; the addresses of a wider key are compared
/// apart.
/// </summary>
/// <param name="Addresses">From the low end: client 32, virtual 32.</param>
/// <param name="Rest">From the low end: client port 16, virtual port 16, protocol 8, family 8, template 1.</param>
internal readonly record struct PackedKey(ulong Addresses, ulong Rest)
{
    /// <summary>Packs <paramref name="key"/>.</summary>
    public static PackedKey Of(in ConnectionKey key) => new(
        (uint)key.Client.Low | (key.Virtual.Low << 32),
        key.ClientPort
            | ((ulong)key.VirtualPort << 16)
            | ((ulong)key.Protocol << 32)
            | ((ulong)(byte)key.Family << 40)
            | (key.IsTemplate ? 1UL << 48 : 0));

    /// <summary>Whether <paramref name="address"/> fits 32 bits.</summary>
    public static bool Fits(Address address) => address.High == 0 && address.Low <= uint.MaxValue;

    /// <summary>The IP protocol.</summary>
    public byte Protocol => (byte)(Rest >> 32);

    /// <summary>Whether it is the key of a template.</summary>
    public bool IsTemplate => (Rest >> 48) != 0;

    /// <summary>The key with these addresses.</summary>
    public ConnectionKey With(Address client, Address @virtual) => new()
    {
        Family = (IpFamily)(byte)(Rest >> 40),
        Protocol = Protocol,
        IsTemplate = IsTemplate,
        Client = client,
        ClientPort = (ushort)Rest,
        Virtual = @virtual,
        VirtualPort = (ushort)(Rest >> 16),
    };
}
