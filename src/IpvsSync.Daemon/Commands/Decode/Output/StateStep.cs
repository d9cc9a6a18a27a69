namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>How an entry follows the previous one of the same connection; the default is a connection not seen before.</summary>
/// <param name="Kind">The kind of step.</param>
/// <param name="Before">The previous state.</param>
/// <param name="Seconds">
/// The seconds since the previous entry or, if the state has changed, the time spent in the previous state; null if a time is unknown.
/// </param>
internal readonly record struct StateStep(StateStepKind Kind, ushort Before, double? Seconds);
