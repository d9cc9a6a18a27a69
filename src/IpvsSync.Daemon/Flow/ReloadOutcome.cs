using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Flow;

/// <summary>What a reload did with each key that differs.</summary>
/// <param name="Applied">Keys that were applied, with the value before.</param>
/// <param name="Restart">Keys that hold after a restart, with the value configured at the start.</param>
internal sealed record ReloadOutcome(IReadOnlyList<OptionChange> Applied, IReadOnlyList<OptionChange> Restart)
{
    /// <summary>Compares three sets of options.</summary>
    /// <param name="configured">Those configured at the start.</param>
    /// <param name="held">Those in force before the reload.</param>
    /// <param name="fresh">Those configured now.</param>
    public static ReloadOutcome Of(SyncOptions configured, SyncOptions held, SyncOptions fresh) => new(
        [.. OptionKeys.Between(held, fresh, areReloadable: true)], [.. OptionKeys.Between(configured, fresh, areReloadable: false)]);
}
