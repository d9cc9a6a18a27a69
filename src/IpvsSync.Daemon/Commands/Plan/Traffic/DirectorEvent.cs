using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>Something that happens on the director, whatever its policy. Fields, not properties: millions are read in place.</summary>
internal struct DirectorEvent
{
    /// <summary>What happens.</summary>
    public EventKind Kind;

    /// <summary>The number of the connection, from 0; used again some seconds after it has ended.</summary>
    public int Id;

    /// <summary>Packets from the client so far; the policy counts a template's itself.</summary>
    public int Packets;

    /// <summary>
    /// The number of the packet whose walk asks (spec §4.5); 0 when an expiry was put off, and the policy is asked with its threshold
    /// for a packet number (spec §4.1).
    /// </summary>
    public long Walk;

    /// <summary>When, in milliseconds.</summary>
    public long AtMs;

    /// <summary>What a policy has to know of the connection; a tick is a millisecond.</summary>
    public SyncFacts Facts;

    /// <summary>The connection as a message describes it.</summary>
    public ConnectionEntry Entry;
}
