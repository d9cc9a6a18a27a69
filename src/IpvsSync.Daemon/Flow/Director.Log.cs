using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>Log events of the director as a whole, ids 1-99.</summary>
internal static partial class DirectorLog
{
    [LoggerMessage(1, LogLevel.Information, "ready: role {Role}, {Lanes} lane(s) on {Interface}, group {Group}, first port {Port}.")]
    public static partial void Ready(this ILogger log, string role, int lanes, string @interface, string group, int port);

    [LoggerMessage(2, LogLevel.Information, "Stopped: {Sent} entries sent, {Injected} injected since start.")]
    public static partial void Stopped(this ILogger log, long sent, long injected);

    [LoggerMessage(6, LogLevel.Information, "Reloaded: version {Version}, threshold {Threshold} {Period}, refresh period {Refresh} s, retries {Retries}.")]
    public static partial void Reloaded(this ILogger log, int version, int threshold, int period, int refresh, int retries);

    [LoggerMessage(7, LogLevel.Warning, "These keys have changed and hold after a restart: {Keys}.")]
    public static partial void ReloadNeedsRestart(this ILogger log, string keys);

    [LoggerMessage(8, LogLevel.Error, "Not reloaded, all is as before: {Reason}")]
    public static partial void ReloadFailed(this ILogger log, string reason);

    [LoggerMessage(9, LogLevel.Information,
        "Found in the kernel: {Own} connection(s) of this director, which the peers are told, {Synced} of the peers; {Skipped} left out. It took {Seconds:F1} s.")]
    public static partial void SnapshotTaken(this ILogger log, int own, int synced, int skipped, double seconds);

    [LoggerMessage(10, LogLevel.Warning, "The kernel's own table cannot be read: connections that were there before are not known until they speak. {Reason}")]
    public static partial void SnapshotFailed(this ILogger log, string reason);

    [LoggerMessage(3, LogLevel.Critical, "Worker {Worker} ended by itself; stopping. {Reason}")]
    public static partial void WorkerFaulted(this ILogger log, string worker, string reason, Exception? fault);

    [LoggerMessage(11, LogLevel.Critical, "Worker {Worker} has not got done with one thing for {Seconds} s: it hangs. systemd's watchdog is not fed until it moves.")]
    public static partial void WorkerHangs(this ILogger log, string worker, double seconds);

    [LoggerMessage(12, LogLevel.Information, "Role {Role} from now on; it was {Before}.")]
    public static partial void RoleChanged(this ILogger log, string role, string before);

    [LoggerMessage(13, LogLevel.Error, "Role {Role} cannot be taken, {Before} stays: {Reason}")]
    public static partial void RoleRefused(this ILogger log, string role, string before, string reason);

    [LoggerMessage(31, LogLevel.Error, "Housekeeping could not {Duty}; it goes on, and tries again. {Reason}")]
    public static partial void DutyFailed(this ILogger log, string duty, string reason, Exception fault);

    [LoggerMessage(15, LogLevel.Warning, "The kernel's table was resized during each of {Attempts} readings: connections from before the start may be unknown until they speak.")]
    public static partial void SnapshotIncomplete(this ILogger log, int attempts);

    [LoggerMessage(17, LogLevel.Warning, "Losses are not repaired: the sync network cannot be used in the direction that this role leaves out. {Reason}")]
    public static partial void ExtensionsFailed(this ILogger log, string reason);

    [LoggerMessage(40, LogLevel.Warning, "Configuration: {Warning}.")]
    public static partial void ConfigurationWarning(this ILogger log, string warning);

    [LoggerMessage(41, LogLevel.Information,
        "{Count} connection(s) from before the start may be of several services with the same real servers ({Services}). The peers are told one "
        + "of them: the connections survive a failover, but the peers may count them under another service.")]
    public static partial void SnapshotGuessed(this ILogger log, int count, string services);

    [LoggerMessage(42, LogLevel.Warning,
        "Left out {Count} connection(s) that the kernel had before the start: {Reason}. A failover resets those that send nothing "
        + "before it.")]
    public static partial void SnapshotLeftOut(this ILogger log, int count, string reason);

    [LoggerMessage(18, LogLevel.Warning, "This machine or process stood still for {Seconds:F1} s. Peers are asked for everything, and the uptime counts anew.")]
    public static partial void StoodStill(this ILogger log, double seconds);

    [LoggerMessage(50, LogLevel.Information, "Learns what this director has missed from {Teacher} ({Reason}).")]
    public static partial void ResyncLearns(this ILogger log, string reason, string teacher);

    [LoggerMessage(51, LogLevel.Information, "The gate is open: {Outcome} ({Reason}).")]
    public static partial void ResyncEnded(this ILogger log, string outcome, string reason);

    [LoggerMessage(52, LogLevel.Warning,
        "Learning takes too long: {Entries} of {Expected} connection(s) after {Seconds:F1} s (Resync:TimeLimit). The gate is open all the same; a "
        + "takeover now resets the connections that are not known yet.")]
    public static partial void ResyncTimedOut(this ILogger log, double seconds, long entries, long expected);

    [LoggerMessage(53, LogLevel.Warning, "The gate could not be written to {Path}: {Reason} keepalived does not learn whether this director is ready.")]
    public static partial void GateNotWritten(this ILogger log, string path, string reason);

    [LoggerMessage(60, LogLevel.Information, "Telling everything that this director carries, for kernels: {Expected} connection(s) and templates, at most {Rate} a second.")]
    public static partial void KernelsTellingBegun(this ILogger log, long expected, long rate);

    [LoggerMessage(61, LogLevel.Information, "Told {Told} connection(s) and templates in {Seconds:F1} s.")]
    public static partial void KernelsTold(this ILogger log, long told, double seconds);

    [LoggerMessage(62, LogLevel.Information, "Gave up telling everything, after {Told} of {Expected} connection(s) and templates.")]
    public static partial void KernelsTellingGivenUp(this ILogger log, long told, long expected);

    /// <summary>The kernel's words for its own threads.</summary>
    [LoggerMessage(14, LogLevel.Information, "sync thread started: state = {State}, mcast_ifn = {Interface}, syncid = {SyncId}, id = {Lane}, port = {Port}")]
    public static partial void SyncThreadStarted(this ILogger log, string state, string @interface, int syncId, int lane, int port);
}
