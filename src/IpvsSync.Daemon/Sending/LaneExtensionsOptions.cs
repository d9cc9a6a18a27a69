namespace IpvsSync.Daemon.Sending;

/// <summary>How a lane speaks beyond the kernel's protocol.</summary>
/// <param name="Instance">This start of this daemon.</param>
/// <param name="SyncId">The id in every header.</param>
/// <param name="MessageSize">The largest message in bytes at any time, without its trailer.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Lanes">Lanes of this director, a power of two.</param>
/// <param name="History">Entries whose records are kept to be told again, a power of two.</param>
/// <param name="RunWindow">Messages of a run that may be under way to this director.</param>
/// <param name="Wire">How large a message may be now, with its trailer; null: as large as at any time.</param>
internal sealed record LaneExtensionsOptions(
    uint Instance, byte SyncId, int MessageSize, int Lane, int Lanes, int History, int RunWindow = FlowConstants.CreditWindow,
    WireSize? Wire = null)
{
    /// <summary>The largest message in bytes at any time that tells again, without its trailer.</summary>
    public int ToldSize => Math.Min(MessageSize, FlowConstants.RepairMessageSize);

    /// <summary>The same now. Any thread.</summary>
    public int ToldSizeNow => Wire is null ? ToldSize : Math.Clamp(Wire.Message - FlowConstants.TrailerRoom, 1, ToldSize);
}
