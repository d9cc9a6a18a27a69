using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Log events of the kernel's session, ids 100-199.</summary>
internal static partial class KernelSessionLog
{
    [LoggerMessage(100, LogLevel.Information, "Kernel: started {Daemon}.")]
    public static partial void DaemonStarted(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(101, LogLevel.Information, "Kernel: stopped {Daemon}.")]
    public static partial void DaemonStopped(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(102, LogLevel.Warning, "Kernel: a daemon that was killed left its settings behind; undoing them.")]
    public static partial void LeftoversUndone(this ILogger log);

    [LoggerMessage(103, LogLevel.Warning, "Kernel: stopping {Daemon}, left at our address by a daemon that was killed.")]
    public static partial void LeftoverStopped(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(104, LogLevel.Warning, "Kernel: taking over from {Daemon}; it is put back when we stop.")]
    public static partial void TakingOver(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(105, LogLevel.Warning, "Kernel: {Daemon} runs in the role we do not take; the number of kernel lanes is the one it was started with.")]
    public static partial void OtherRoleRuns(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(106, LogLevel.Warning, "Kernel: {Name} is {Current}, changed by somebody else since; not set back to {Found}.")]
    public static partial void SysctlChangedByOthers(this ILogger log, string name, string current, string found);

    [LoggerMessage(107, LogLevel.Information, "Kernel: put back {Daemon}.")]
    public static partial void DaemonPutBack(this ILogger log, SyncDaemon daemon);

    [LoggerMessage(108, LogLevel.Error, "Kernel: not restored: {Reason}")]
    public static partial void RestoreFailed(this ILogger log, string reason);

    [LoggerMessage(109, LogLevel.Information, "Kernel: {Journal} is of another boot or of a network namespace that has ended; there is nothing to undo.")]
    public static partial void JournalIgnored(this ILogger log, string journal);

    [LoggerMessage(110, LogLevel.Information, "Kernel: the sysctls of net.ipv4.vs suffice and are left alone: {Values}.")]
    public static partial void SysctlsSuffice(this ILogger log, string values);
}
