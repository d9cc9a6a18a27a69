namespace IpvsSync.Daemon.Policy;

/// <summary>The verdict of the kernel's policy on one connection at one moment, with its reason (spec §4.3, §4.4).</summary>
internal enum SyncVerdict : byte
{
    /// <summary>Sent: a TCP or SCTP connection has changed to a state that may be sent and is not ESTABLISHED.</summary>
    StateChange,

    /// <summary>Sent: <c>sync_period</c> is set and the packet's number in its period is <c>sync_threshold</c>.</summary>
    PacketRule,

    /// <summary>Sent: neither period nor refresh period is set and this is packet number <c>sync_threshold</c>.</summary>
    Threshold,

    /// <summary>Sent: the last message is older than <c>sync_refresh_period</c> or half of the timeout, or there was none.</summary>
    Refresh,

    /// <summary>Sent: a repetition between two refreshes (<c>sync_retries</c>).</summary>
    Retry,

    /// <summary>Sent: a template, which without a refresh period is sent with every packet.</summary>
    Template,

    /// <summary>Not sent: version 0 carries IPv4 only.</summary>
    NotIPv4,

    /// <summary>Not sent: one-packet scheduling.</summary>
    OnePacket,

    /// <summary>Not sent: <c>sync_persist_mode</c> is on and a template is above the connection.</summary>
    UnderTemplate,

    /// <summary>Not sent: a TCP or SCTP state that is never sent.</summary>
    StateNotSent,

    /// <summary>Not sent: within the refresh window, and no retry is left or allowed.</summary>
    RecentlySent,

    /// <summary>Not sent: a retry is left, but less than an eighth of the refresh period has passed.</summary>
    RetryTooEarly,

    /// <summary>Not sent: <c>sync_period</c> is set and the packet's number in its period is not <c>sync_threshold</c>.</summary>
    OutsidePacketRule,

    /// <summary>Not sent: neither period nor refresh period is set and this is not packet number <c>sync_threshold</c>.</summary>
    OutsideThreshold,
}
