namespace IpvsSync.Daemon.Control;

/// <summary>The result of a reload: the single line of the answer to <c>reload</c>.</summary>
internal sealed record ReloadAnswer
{
    /// <summary>The keys that apply from now on.</summary>
    public IReadOnlyList<ChangedKey> Applied { get; init; } = [];

    /// <summary>The keys that apply after a restart.</summary>
    public IReadOnlyList<ChangedKey> NeedsRestart { get; init; } = [];

    /// <summary>The faults of the configuration; if there are any, nothing has changed.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>A key whose value has changed.</summary>
/// <param name="Key">Its name, <c>Kernel:PushIntervalMs</c>.</param>
/// <param name="Before">The value in force, or the value configured at the start.</param>
/// <param name="Now">The value configured now.</param>
internal sealed record ChangedKey(string Key, string Before, string Now);

/// <summary>The result of a role change: the single line of the answer to <c>role</c>.</summary>
/// <param name="Role">The role now in force.</param>
/// <param name="Before">The role before.</param>
/// <param name="Configured">The role after a restart.</param>
internal sealed record RoleAnswer(string Role, string Before, string Configured);

/// <summary>The daemon has stopped: the single line of the answer to <c>stop</c>.</summary>
/// <param name="Restored">Whether the kernel is in the state in which the daemon found it.</param>
internal sealed record StopAnswer(bool Restored);
