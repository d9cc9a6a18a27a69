namespace IpvsSync.Daemon.Control;

/// <summary>The reason why a request is not answered or a control socket cannot be opened: a sentence for the operator.</summary>
internal sealed class ControlException(string message, Exception? cause = null) : Exception(message, cause);
