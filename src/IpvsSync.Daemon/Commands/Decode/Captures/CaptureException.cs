namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>The input is not a capture, or is a damaged one. The message is for the operator and names no file.</summary>
internal sealed class CaptureException(string message) : Exception(message);
