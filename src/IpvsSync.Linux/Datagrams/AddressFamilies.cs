namespace IpvsSync.Linux.Datagrams;

/// <summary>Families of addresses.</summary>
[Flags]
public enum AddressFamilies
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>IPv4 alone; the host need not know IPv6.</summary>
    IPv4 = 1,

    /// <summary>IPv6 alone.</summary>
    IPv6 = 2,

    /// <summary>Both.</summary>
    Both = IPv4 | IPv6,
}
