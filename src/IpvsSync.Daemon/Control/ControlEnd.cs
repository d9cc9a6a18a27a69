namespace IpvsSync.Daemon.Control;

/// <summary>The last line of an answer that is whole: <c>{"done":true,"version":1}</c>.</summary>
/// <param name="Done">True.</param>
/// <param name="Version">The daemon's version of the answers.</param>
internal sealed record ControlEnd(bool Done = true, int Version = ControlRequest.CurrentVersion);

/// <summary>The last line of an answer that is not: <c>{"error":"...","version":1}</c>.</summary>
/// <param name="Error">Why, in a sentence for the operator.</param>
/// <param name="Version">The daemon's version of the answers.</param>
internal sealed record ControlError(string Error, int Version = ControlRequest.CurrentVersion);
