using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>The facts about a connection that the policy needs (spec §4.2).</summary>
internal readonly record struct SyncFacts
{
    /// <summary>The current timeout in ticks, already that of <see cref="State"/>.</summary>
    public long Timeout { get; init; }

    /// <summary>The state; the numbers depend on the protocol (<see cref="ConnectionState"/>).</summary>
    public ushort State { get; init; }

    /// <summary>The IP protocol number.</summary>
    public byte Protocol { get; init; }

    /// <summary>The address family; version 0 carries IPv4 only.</summary>
    public IpFamily Family { get; init; }

    /// <summary>Whether this is a persistence template.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>Whether the connection uses one-packet scheduling.</summary>
    public bool IsOnePacket { get; init; }

    /// <summary>Whether a connection above it in the chain, directly or further up, is a template.</summary>
    public bool HasTemplateAbove { get; init; }
}
