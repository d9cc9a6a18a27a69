using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>What the policy has to know of a connection (spec §4.2).</summary>
internal readonly record struct SyncFacts
{
    /// <summary>The current timeout in ticks, already that of <see cref="State"/>.</summary>
    public long Timeout { get; init; }

    /// <summary>The state, a number per protocol (<see cref="ConnectionState"/>).</summary>
    public ushort State { get; init; }

    /// <summary>The IP protocol number.</summary>
    public byte Protocol { get; init; }

    /// <summary>The address family: version 0 carries one only.</summary>
    public IpFamily Family { get; init; }

    /// <summary>A persistence template.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>One-packet scheduling.</summary>
    public bool IsOnePacket { get; init; }

    /// <summary>Whether one of the connections that it hangs from, directly or further up, is a template.</summary>
    public bool HasTemplateAbove { get; init; }
}
