namespace IpvsSync.Protocol;

/// <summary>The address family that the client, virtual and real address of a connection share (spec §2.2).</summary>
public enum IpFamily : byte
{
    /// <summary>4-byte addresses; the only family that version 0 carries.</summary>
    IPv4 = 4,

    /// <summary>16-byte addresses; version 1 only.</summary>
    IPv6 = 6,
}
