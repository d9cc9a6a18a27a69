using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// From a connection that asks to be sent up to what it hangs from, as the kernel's two senders go (spec §4.5): with version 1 every
/// link is examined, with version 0 none above one that is not sent. Allocates nothing.
/// </summary>
internal static class ChainWalk
{
    /// <summary>Decides about <paramref name="link"/> and about each link above it.</summary>
    /// <param name="link">The connection of the packet, or the one whose expiry was deferred.</param>
    /// <param name="packets">Its packet's number (spec §4.1).</param>
    /// <param name="now">The time in ticks.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="decided">Told of every decision, in order; who is interested in entries asks <see cref="SyncVerdicts.IsSend"/>.</param>
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
