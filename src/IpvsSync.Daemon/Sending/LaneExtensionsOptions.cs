namespace IpvsSync.Daemon.Sending;

/// <summary>How a lane speaks beyond the kernel's protocol.</summary>
/// <param name="Instance">This start of this daemon.</param>
/// <param name="SyncId">The id in every header.</param>
/// <param name="MessageSize">The largest message in bytes, without its trailer.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Lanes">Lanes of this director, a power of two.</param>
/// <param name="History">Entries whose records are kept to be told again, a power of two.</param>
/// <param name="RunWindow">Messages of a run that may be under way to this director.</param>
internal sealed record LaneExtensionsOptions(
    uint Instance, byte SyncId, int MessageSize, int Lane, int Lanes, int History, int RunWindow = FlowConstants.CreditWindow);
