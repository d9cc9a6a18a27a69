using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Flow;

/// <summary>What a director depends on that learns.</summary>
/// <param name="link">The link to the peers.</param>
/// <param name="pipelines">The pipelines.</param>
/// <param name="time">The clock.</param>
internal sealed class LearningPlace(SyncLink link, Pipelines pipelines, TimeProvider time) : ILearningPlace
{
    /// <inheritdoc/>
    public bool CarriesMessages => link.Now.CarriesMessages;

    /// <inheritdoc/>
    public bool IsInjected => pipelines.Inject?.IsIdle != false;

    /// <inheritdoc/>
    public IEnumerable<uint> Peers
        => PeerAccounts.Instances(pipelines.Extensions?.Windows ?? []).Where(peer => !peer.IsSilentAt(time.Milliseconds())).Select(peer => peer.Instance);

    /// <inheritdoc/>
    public void AskForAll() => pipelines.Extensions?.AskForAll(time.Milliseconds());
}
