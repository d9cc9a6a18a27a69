namespace IpvsSync.Protocol.Wire;

/// <summary>The version of a sync message, the kernel's <c>sync_version</c>.</summary>
public enum SyncVersion : byte
{
    /// <summary>Version 0 (spec §1): IPv4 only, no timeout, no firewall mark, no persistence data.</summary>
    V0 = 0,

    /// <summary>Version 1 (spec §2), since kernel 2.6.39.</summary>
    V1 = 1,
}
