namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>What an entry says of a connection beside what was known.</summary>
internal enum StateStepKind
{
    /// <summary>Not seen before, or not remembered.</summary>
    First,

    /// <summary>The same state once more.</summary>
    Again,

    /// <summary>Another state.</summary>
    Change,
}
