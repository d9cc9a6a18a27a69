using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>Log events about the end of a worker, ids 4, 5 and 30 of the director's.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(4, LogLevel.Error, "Worker {Worker} still runs {Seconds} s after it was told to stop.")]
    public static partial void StillRunning(this ILogger log, string worker, double seconds);

    [LoggerMessage(5, LogLevel.Error, "Worker {Worker} failed while stopping.")]
    public static partial void FaultWhileStopping(this ILogger log, string worker, Exception fault);

    [LoggerMessage(30, LogLevel.Error, "The stop could not {Step}; its other steps follow. {Reason}")]
    public static partial void StopStepFailed(this ILogger log, string step, string reason, Exception fault);
}
