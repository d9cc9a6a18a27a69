namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>The supported link types, with their numbers in captures (the registry of tcpdump.org).</summary>
internal static class LinkType
{
    /// <summary>BSD loopback: 4 bytes, the address family in the byte order of the capturing machine.</summary>
    public const int Null = 0;

    /// <summary>Ethernet.</summary>
    public const int Ethernet = 1;

    /// <summary>Raw IP with the number that some BSDs use.</summary>
    public const int RawBsd = 12;

    /// <summary>Raw IP with OpenBSD's number.</summary>
    public const int RawOpenBsd = 14;

    /// <summary>Raw IP.</summary>
    public const int Raw = 101;

    /// <summary>OpenBSD loopback: 4 bytes, the address family in network order.</summary>
    public const int Loop = 108;

    /// <summary>Linux cooked, version 1: 16 bytes, the EtherType last.</summary>
    public const int LinuxCooked = 113;

    /// <summary>Raw IPv4.</summary>
    public const int IPv4 = 228;

    /// <summary>Raw IPv6.</summary>
    public const int IPv6 = 229;

    /// <summary>Linux cooked, version 2: 20 bytes, the EtherType first.</summary>
    public const int LinuxCooked2 = 276;
}
