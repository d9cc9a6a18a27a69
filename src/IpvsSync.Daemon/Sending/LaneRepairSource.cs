using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>Tells news of a lane again; what cannot be told so leaves through the lane's queue.</summary>
/// <param name="teller">Tells records.</param>
/// <param name="queue">The queue.</param>
internal sealed class LaneRepairSource(IRecordTeller teller, LaneQueue queue) : IRepairSource
{
    /// <summary>The lane's queue.</summary>
    public LaneQueue Queue => queue;

    /// <inheritdoc/>
    public Retelling Tell(int record, long sentMs, ref MessageWriter writer) => teller.Tell(record, sentMs, ref writer);

    /// <inheritdoc/>
    public void Lose(long sentMs) => queue.LoseSent(sentMs);
}
