namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The kinds of step from one entry of a connection to the next.</summary>
internal enum StateStepKind
{
    /// <summary>Not seen before, or no longer remembered.</summary>
    First,

    /// <summary>The same state again.</summary>
    Again,

    /// <summary>A different state.</summary>
    Change,
}
