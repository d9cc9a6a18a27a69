using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Flow;

/// <summary>What a director depends on that learns.</summary>
/// <param name="network">The links to the peers.</param>
/// <param name="pipelines">The pipelines.</param>
/// <param name="table">The table.</param>
/// <param name="snapshots">Reads the kernel's table.</param>
/// <param name="time">The clock.</param>
internal sealed class LearningPlace(SyncNetwork network, Pipelines pipelines, ConnectionTable table, SnapshotReading snapshots, TimeProvider time) : ILearningPlace
{
    /// <inheritdoc/>
    public bool MayAsk => network.CarriesMessages && snapshots.IsDone;

    /// <inheritdoc/>
    /// <remarks>What the kernel has dropped is found by a sweep, for whose turn this does not wait.</remarks>
    public bool IsInjected
    {
        get
        {
            if (pipelines.Inject is not { } inject)
                return true;
            if (!inject.IsIdle)
                return false;
            if (!inject.HasLosses)
                return true;
            table.Sweep();
            return false;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<uint> Peers
        => PeerAccounts.Instances(pipelines.Extensions?.Windows ?? []).Where(peer => !peer.IsSilentAt(time.Milliseconds())).Select(peer => peer.Instance);

    /// <inheritdoc/>
    public void AskForAll() => pipelines.Extensions?.AskForAll(time.Milliseconds());
}
