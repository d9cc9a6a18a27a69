using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// Walks from a connection that may be sent up its chain of controllers, as the kernel's two senders do (spec §4.5). Version 1 examines
/// every link; version 0 stops at a link that is not sent. Allocates nothing.
/// </summary>
internal static class ChainWalk
{
    /// <summary>Decides about <paramref name="link"/> and each link above it.</summary>
    /// <param name="link">The connection of the packet, or the one whose expiry was deferred.</param>
    /// <param name="packets">Its packet's number (spec §4.1).</param>
    /// <param name="now">The time in ticks.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="decided">Called for every decision, in order; <see cref="SyncVerdicts.IsSend"/> tells whether the link is sent.</param>
    public static void Run<TLink>(TLink link, int packets, long now, SyncSettings settings, Action<TLink, SyncVerdict> decided)
        where TLink : class, IChainLink<TLink>
    {
        TLink? next = link;
        while (next is not null)
        {
            SyncVerdict verdict = SyncPolicy.Decide(next.Facts, packets, now, settings, ref next.Memory);
            decided(next, verdict);
            if (settings.Version == SyncVersion.V0 && !verdict.IsSend())
                return;
            next = next.Controller;
            if (next is not null)
                packets = next.Facts.IsTemplate ? next.CountPacket() : settings.Threshold;
        }
    }
}
