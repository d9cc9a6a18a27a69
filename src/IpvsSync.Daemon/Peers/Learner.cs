namespace IpvsSync.Daemon.Peers;

/// <summary>Learns from the peers what this director has missed (docs/protocol.md, "Resync"). Any thread; one lock.</summary>
internal sealed class Learner
{
    private readonly ResyncSnapshot _snapshot = new(ResyncState.Ready, ResyncReason.Start, ResyncOutcome.Off, IsOpen: true, Teacher: null, 0, 0, 0, []);

    /// <summary>How far it is.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public ResyncSnapshot Snapshot(long nowMs) => _snapshot with { ElapsedMs = nowMs - nowMs };
}
