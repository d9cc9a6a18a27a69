using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>Appends entries whose place nobody keeps.</summary>
internal static class LaneQueueAppending
{
    /// <summary>See <see cref="LaneQueue.Append"/>.</summary>
    public static Refusal Append(this LaneQueue queue, in ConnectionEntry entry, bool isUrgent = true, int record = 0)
    {
        uint place = 0;
        return queue.Append(entry, default, isUrgent, queue.NowMs, record, ref place);
    }
}
