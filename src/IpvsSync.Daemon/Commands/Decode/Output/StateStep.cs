namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>How an entry follows on the one before of the same connection; the default is a connection not seen before.</summary>
/// <param name="Kind">What has happened.</param>
/// <param name="Before">The state before.</param>
/// <param name="Seconds">
/// Since the entry before, or, if the state has changed, the time spent in the state before; null if times are unknown.
/// </param>
internal readonly record struct StateStep(StateStepKind Kind, ushort Before, double? Seconds);
