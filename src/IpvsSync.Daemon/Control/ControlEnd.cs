namespace IpvsSync.Daemon.Control;

/// <summary>The last line of a complete answer: <c>{"done":true,"version":1}</c>.</summary>
/// <param name="Done">Always true.</param>
/// <param name="Version">The daemon's version of the control protocol.</param>
internal sealed record ControlEnd(bool Done = true, int Version = ControlRequest.CurrentVersion);

/// <summary>The last line of an incomplete answer: <c>{"error":"...","version":1}</c>.</summary>
/// <param name="Error">The reason, in a sentence for the operator.</param>
/// <param name="Version">The daemon's version of the control protocol.</param>
internal sealed record ControlError(string Error, int Version = ControlRequest.CurrentVersion);
