namespace IpvsSync.Daemon.Options;

/// <summary>One key of the configuration.</summary>
/// <param name="Name">As an operator writes it, below <c>IpvsSync</c>: <c>Kernel:Mode</c>.</param>
/// <param name="Value">Reads it.</param>
/// <param name="Reload">
/// The options with this key's value taken from others, for a key that a reload applies; null for one that holds after a restart.
/// </param>
internal sealed record OptionKey(string Name, Func<SyncOptions, object?> Value, Func<SyncOptions, SyncOptions, SyncOptions>? Reload = null)
{
    /// <summary>Whether it takes several values.</summary>
    public bool MayBeList { get; init; }

    /// <summary>Whether a reload applies it; otherwise it holds after a restart.</summary>
    public bool IsReloadable => Reload is not null;
}
