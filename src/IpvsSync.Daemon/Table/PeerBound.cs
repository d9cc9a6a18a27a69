namespace IpvsSync.Daemon.Table;

/// <summary>A bound of the peers' connections that comes from outside the table.</summary>
/// <param name="Most">How many there may be.</param>
/// <param name="Reason">The outcome for a further one.</param>
internal sealed record PeerBound(int Most, ApplyOutcome Reason)
{
    /// <summary>No bound.</summary>
    public static readonly PeerBound None = new(int.MaxValue, ApplyOutcome.Full);
}
