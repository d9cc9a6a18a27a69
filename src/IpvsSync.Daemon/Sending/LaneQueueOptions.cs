using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>How messages of a lane are made.</summary>
/// <param name="Version">The protocol version sent.</param>
/// <param name="SyncId">The id in every header.</param>
/// <param name="MessageSize">The largest message in bytes at any time, without a trailer. A single larger entry is sent alone.</param>
/// <param name="Limit">Finished messages that may wait (<c>sync_qlen_max</c>).</param>
/// <param name="FlushIntervalMs">Longest time in milliseconds that news waits in a busy lane.</param>
/// <param name="Coalesces">
/// Whether a newer entry takes the place of one that still waits. It costs time, and saves messages on a network.
/// </param>
/// <param name="History">
/// Entries whose records are kept, a power of two. That many can be sent again without a visit to every record.
/// </param>
/// <param name="TrailerRoom">Bytes kept free behind the message, beyond its size.</param>
/// <param name="BusyDepartures">Departures within <paramref name="FlushIntervalMs"/> that make the lane busy.</param>
/// <param name="Expected">Connections that are expected, perhaps in one burst: the lane takes the memory that it needs for them at once.</param>
/// <param name="Wire">How large a message may be now, with its trailer; null: as large as at any time.</param>
internal sealed record LaneQueueOptions(
    SyncVersion Version, byte SyncId, int MessageSize, int Limit, int FlushIntervalMs, bool Coalesces = true,
    int History = 1 << 12, int TrailerRoom = 0, int BusyDepartures = FlowConstants.BusyDepartures, int Expected = 0,
    WireSize? Wire = null)
{
    /// <summary>The largest message in bytes now, without a trailer. Any thread.</summary>
    public int SizeNow => Wire is null ? MessageSize : Math.Clamp(Wire.Message - TrailerRoom, 1, MessageSize);
}
