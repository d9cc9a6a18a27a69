using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Has the kernel give up a connection that it would keep, before its successor with another real server is told (spec §6.7): it ignores an entry
/// with INACTIVE and another real server, and a template never changes its server.
/// </summary>
internal static class Succession
{
    private const uint EndsSoon = 1;

    /// <summary>Tells what makes room for the successor, if anything is needed.</summary>
    /// <param name="outlet">The outlet to the kernel.</param>
    /// <param name="known">What the kernel knows.</param>
    /// <param name="successor">The successor, which is told next.</param>
    /// <param name="persistence">The persistence data of <paramref name="known"/>.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if the message is lost.</param>
    public static void MakeRoom(
        Outlet outlet, in ConnectionEntry known, in ConnectionEntry successor, scoped in PersistenceData persistence, long nowMs, int record)
    {
        SentState apart = default;
        uint place = 0;
        if (known.KeyInPlace.IsTemplate)
            outlet.Offer(known with { Timeout = EndsSoon }, persistence, isNews: true, nowMs, record, ref apart, ref place);
        else if (successor.Flags.HasFlag(IP_VS_CONN_F_INACTIVE))
            outlet.Offer(successor with { Flags = successor.Flags & ~IP_VS_CONN_F_INACTIVE }, persistence, isNews: true, nowMs, record, ref apart, ref place);
    }

    /// <summary>
    /// Whether the successor must wait until the kernel has given up <paramref name="known"/>, which takes it a second: told sooner, it would only
    /// restart the timer of the one before it.
    /// </summary>
    public static bool Waits(in ConnectionEntry known) => known.KeyInPlace.IsTemplate;
}
