using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>An event on the director, independent of its policy. It has fields, not properties: millions are read in place.</summary>
internal struct DirectorEvent
{
    /// <summary>The kind of event.</summary>
    public EventKind Kind;

    /// <summary>The number of the connection, from 0; reused some seconds after it has ended.</summary>
    public int Id;

    /// <summary>The number of packets from the client; for a template the policy counts.</summary>
    public int Packets;

    /// <summary>
    /// The number of the packet whose walk asks the policy (spec §4.5); 0 for a deferred expiry, for which the policy gets its threshold as
    /// the packet number (spec §4.1).
    /// </summary>
    public long Walk;

    /// <summary>The time in milliseconds.</summary>
    public long AtMs;

    /// <summary>The facts that a policy needs; a tick is a millisecond.</summary>
    public SyncFacts Facts;

    /// <summary>The connection as a message describes it.</summary>
    public ConnectionEntry Entry;
}
