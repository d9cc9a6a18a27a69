namespace IpvsSync.Daemon.Kernel;

/// <summary>This director's kernel cannot be used as configured; the message says why and what to do. Ends the process with exit code 1.</summary>
internal sealed class KernelSessionException(string message) : Exception(message);
