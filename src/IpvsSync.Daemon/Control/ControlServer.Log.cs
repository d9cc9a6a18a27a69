using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>Log events of the control socket, ids 300-319.</summary>
internal static partial class ControlServerLog
{
    [LoggerMessage(300, LogLevel.Error, "The control socket could not answer a request.")]
    public static partial void AnswerFailed(this ILogger log, Exception exception);

    [LoggerMessage(301, LogLevel.Warning, "Refused: the request {Verb} of user {User}, process {Process}, who may only read. {More} more were refused since the last such line.")]
    public static partial void ChangeRefused(this ILogger log, string verb, uint user, int process, int more);
}
