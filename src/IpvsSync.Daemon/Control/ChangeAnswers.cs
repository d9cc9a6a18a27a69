namespace IpvsSync.Daemon.Control;

/// <summary>What became of the configuration: the one line of the answer to <c>reload</c>.</summary>
internal sealed record ReloadAnswer
{
    /// <summary>Keys that hold from now on.</summary>
    public IReadOnlyList<ChangedKey> Applied { get; init; } = [];

    /// <summary>Keys that hold after a restart.</summary>
    public IReadOnlyList<ChangedKey> NeedsRestart { get; init; } = [];

    /// <summary>What is wrong with the configuration; then nothing has changed.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>A key whose value has changed.</summary>
/// <param name="Key">Its name, <c>Kernel:PushIntervalMs</c>.</param>
/// <param name="Before">What held, or was configured at the start.</param>
/// <param name="Now">What is configured now.</param>
internal sealed record ChangedKey(string Key, string Before, string Now);

/// <summary>What became of the role: the one line of the answer to <c>role</c>.</summary>
/// <param name="Role">Which pipelines run now.</param>
/// <param name="Before">Which ran before.</param>
/// <param name="Configured">Which run after a restart.</param>
internal sealed record RoleAnswer(string Role, string Before, string Configured);

/// <summary>The daemon has stopped: the one line of the answer to <c>stop</c>.</summary>
/// <param name="Restored">Whether the kernel is as it was found.</param>
internal sealed record StopAnswer(bool Restored);
