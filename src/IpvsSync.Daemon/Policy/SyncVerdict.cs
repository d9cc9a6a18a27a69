namespace IpvsSync.Daemon.Policy;

/// <summary>What the kernel's policy says of one connection at one moment, and why (spec §4.3, §4.4).</summary>
internal enum SyncVerdict : byte
{
    /// <summary>Sent: a TCP or SCTP connection has changed to a state that may be sent and is not ESTABLISHED.</summary>
    StateChange,

    /// <summary>Sent: <c>sync_period</c> is set and the packet's number in its period is <c>sync_threshold</c>.</summary>
    PacketRule,

    /// <summary>Sent: neither period nor refresh period is set and this is packet number <c>sync_threshold</c>.</summary>
    Threshold,

    /// <summary>Sent: the backups were last told long enough ago for <c>sync_refresh_period</c> or half of the timeout, or never.</summary>
    Refresh,

    /// <summary>Sent: a repetition between two refreshes (<c>sync_retries</c>).</summary>
    Retry,

    /// <summary>Sent: a template, which without a refresh period goes with every packet.</summary>
    Template,

    /// <summary>Not sent: version 0 carries IPv4 only.</summary>
    NotIPv4,

    /// <summary>Not sent: one-packet scheduling.</summary>
    OnePacket,

    /// <summary>Not sent: <c>sync_persist_mode</c> is on and a template stands above.</summary>
    UnderTemplate,

    /// <summary>Not sent: a TCP or SCTP state that never is.</summary>
    StateNotSent,

    /// <summary>Not sent: within the refresh window, and all retries are spent or none are allowed.</summary>
    RecentlySent,

    /// <summary>Not sent: a retry is left, but less than an eighth of the refresh period has passed.</summary>
    RetryTooEarly,

    /// <summary>Not sent: <c>sync_period</c> is set and the packet's number in its period is not <c>sync_threshold</c>.</summary>
    OutsidePacketRule,

    /// <summary>Not sent: neither period nor refresh period is set and this is not packet number <c>sync_threshold</c>.</summary>
    OutsideThreshold,
}
