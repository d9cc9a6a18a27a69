using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>Log events of <c>backup_only</c>, ids 43-48.</summary>
internal static partial class BackupOnlyLog
{
    [LoggerMessage(43, LogLevel.Warning,
        "net.ipv4.vs.backup_only is on and the role is Both: the kernel's backup does not run, because the kernel would then balance nothing. "
        + "The peers' connections stay in the table, and a failover to this director loses them. Let keepalived set the role, or set "
        + "backup_only to 0.")]
    public static partial void BackupOnlyHeld(this ILogger log);

    [LoggerMessage(44, LogLevel.Information,
        "net.ipv4.vs.backup_only is on: the kernel's backup does not run in role Both. The peers' connections stay in the table until the role "
        + "is Backup.")]
    public static partial void BackupOnlyActive(this ILogger log);

    [LoggerMessage(45, LogLevel.Information, "net.ipv4.vs.backup_only is on: this kernel balances nothing while the role is Backup.")]
    public static partial void BackupOnlyStandby(this ILogger log);

    [LoggerMessage(46, LogLevel.Warning,
        "net.ipv4.vs.backup_only is on: while somebody else runs the kernel's backup, this kernel balances nothing. Stop that backup on the "
        + "active director.")]
    public static partial void BackupOnlyForeign(this ILogger log);

    [LoggerMessage(47, LogLevel.Information, "net.ipv4.vs.backup_only is on; it changes nothing in role {Role}.")]
    public static partial void BackupOnlyUnused(this ILogger log, string role);

    [LoggerMessage(48, LogLevel.Information, "net.ipv4.vs.backup_only is off: role {Role} holds in the kernel without exception.")]
    public static partial void BackupOnlyOff(this ILogger log, string role);
}
