namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>What a <see cref="DirectorEvent"/> tells.</summary>
internal enum EventKind : byte
{
    /// <summary>A connection or template has come into being.</summary>
    Created,

    /// <summary>It has changed to what a backup should know: established, closing, or simply there (UDP, templates).</summary>
    Changed,

    /// <summary>The policy is asked whether it is to be sent (spec §4.1, §4.5).</summary>
    Asked,

    /// <summary>It is gone, since <see cref="DirectorEvent.AtMs"/>; told up to ten seconds late.</summary>
    Ended,
}
