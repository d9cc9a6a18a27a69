using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Flow;

/// <summary>What became of a configuration that was read anew.</summary>
/// <param name="Applied">Keys that hold from now on, with what held before.</param>
/// <param name="Restart">Keys that hold after a restart, with what was configured at the start.</param>
internal sealed record ReloadOutcome(IReadOnlyList<OptionChange> Applied, IReadOnlyList<OptionChange> Restart)
{
    /// <summary>Compares.</summary>
    /// <param name="configured">What was configured at the start.</param>
    /// <param name="held">What held before the reload.</param>
    /// <param name="fresh">What is configured now.</param>
    public static ReloadOutcome Of(SyncOptions configured, SyncOptions held, SyncOptions fresh) => new(
        [.. OptionKeys.Between(held, fresh).Where(change => OptionKeys.Reloadable.Contains(change.Key))],
        [.. OptionKeys.Between(configured, fresh).Where(change => !OptionKeys.Reloadable.Contains(change.Key))]);
}
