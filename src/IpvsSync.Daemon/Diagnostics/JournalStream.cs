using System.Globalization;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Whether systemd's journal reads what we print.</summary>
internal static class JournalStream
{
    /// <summary>True for a process that systemd has started with its standard error led to the journal.</summary>
    public static bool IsRead => IsSame(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo("/proc/self/fd/2").LinkTarget);

    /// <summary>
    /// Whether <paramref name="target"/>, where standard error leads, is the journal's stream of which <paramref name="variable"/> has device and
    /// inode. The variable alone says nothing: what a service starts inherits it, and may print to a terminal.
    /// </summary>
    internal static bool IsSame(string? variable, string? target)
        => variable?.Split(':') is [_, { Length: > 0 } inode] && target == string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
}
