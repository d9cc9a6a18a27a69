namespace IpvsSync.Protocol.Wire;

/// <summary>The kernel whose strictness a reader applies (spec §9.3).</summary>
public enum ReaderProfile : byte
{
    /// <summary>
    /// The 2026 hardening, complete in 6.1.191: ONE_PACKET, NO_CPORT with TEMPLATE and template states above 1 are refused;
    /// flags are masked with 0x1F87 in both versions.
    /// </summary>
    Hardened2026,

    /// <summary>
    /// 6.1.176, before the hardening: none of the three is refused. Version 1 flags are masked with 0x1F87; version 0 flags lose only SYNC
    /// and HASHED.
    /// </summary>
    Kernel61176,

    /// <summary>7.2.7, with a part of the hardening: as 6.1.176, but template states above 1 are refused.</summary>
    Kernel727,
}
