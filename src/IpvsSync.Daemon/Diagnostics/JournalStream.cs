using System.Globalization;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Detects whether systemd's journal reads this process's output.</summary>
internal static class JournalStream
{
    /// <summary>True for a process that systemd has started with its standard error connected to the journal.</summary>
    public static bool IsRead => IsSame(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo("/proc/self/fd/2").LinkTarget);

    /// <summary>
    /// Whether <paramref name="target"/>, the target of standard error, is the journal's stream whose device and inode are in
    /// <paramref name="variable"/>. The variable alone is not enough: processes started by a service inherit it, and may print to a
    /// terminal.
    /// </summary>
    internal static bool IsSame(string? variable, string? target)
        => variable?.Split(':') is [_, { Length: > 0 } inode] && target == string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
}
