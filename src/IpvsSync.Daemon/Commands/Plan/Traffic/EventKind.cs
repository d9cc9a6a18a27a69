namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>The kinds of a <see cref="DirectorEvent"/>.</summary>
internal enum EventKind : byte
{
    /// <summary>A connection or template was created.</summary>
    Created,

    /// <summary>It changed to a state that a backup should know: established, closing, or merely existing (UDP, templates).</summary>
    Changed,

    /// <summary>The policy must decide whether to send it (spec §4.1, §4.5).</summary>
    Asked,

    /// <summary>It ended at <see cref="DirectorEvent.AtMs"/>; reported up to ten seconds late.</summary>
    Ended,
}
