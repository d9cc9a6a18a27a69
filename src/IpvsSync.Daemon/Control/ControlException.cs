namespace IpvsSync.Daemon.Control;

/// <summary>Why a request is not answered, or a control socket not opened: a sentence for the operator.</summary>
internal sealed class ControlException(string message, Exception? cause = null) : Exception(message, cause);
