using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlagMasks;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The rules of a backup for a peer's entry: those of the kernel (spec §6.1 to §6.3) and one of this daemon: an older state never moves a
/// connection back (<see cref="LifeOrder"/>). Pure.
/// </summary>
internal static class BackupRules
{
    /// <summary>
    /// The time in milliseconds after the last update of a connection during which an earlier state counts as an old message, delayed or
    /// duplicated. After that it counts as a new connection between the same endpoints: nothing on the wire distinguishes the two.
    /// </summary>
    public const long OlderWithinMs = 10_000;

    /// <summary>The flags that a bound record takes from its real server here, not from messages (spec §6.3, step 3).</summary>
    private const ConnectionFlags BoundMask = IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT;

    /// <summary>Decides what to do with a peer's entry.</summary>
    /// <param name="known">The known state of its connection.</param>
    /// <param name="received">The entry.</param>
    /// <param name="isOwn">
    /// Whether the last update came from this director's own kernel: then an earlier state never counts as new, however much time has
    /// passed.
    /// </param>
    /// <param name="ageMs">Milliseconds since the last update of the connection.</param>
    public static PeerVerdict Judge(in ConnectionEntry known, in ConnectionEntry received, bool isOwn, long ageMs)
    {
        ConnectionKey key = known.Key;
        if (!key.IsTemplate && (received.Real != known.Real || received.RealPort != known.RealPort))
            return received.Flags.HasFlag(IP_VS_CONN_F_INACTIVE) ? PeerVerdict.Older : PeerVerdict.Replace;
        bool isFresh = isOwn || ageMs < OlderWithinMs;
        return isFresh && LifeOrder.IsBehind(key.Protocol, key.IsTemplate, received.State, known.State) ? PeerVerdict.Older : PeerVerdict.Update;
    }

    /// <summary>
    /// The state after an update (spec §6.2, §6.5): three of the flags, sequence data if there is any, state and timeout come from the
    /// entry.
    /// </summary>
    public static ConnectionEntry Merge(in ConnectionEntry known, in ConnectionEntry received) => known with
    {
        Flags = (received.Flags & IP_VS_CONN_F_BACKUP_UPD_MASK) | (known.Flags & ~IP_VS_CONN_F_BACKUP_UPD_MASK),
        Sequence = received.HasSequence ? received.Sequence : known.Sequence,
        HasSequence = received.HasSequence || known.HasSequence,
        State = received.State,
        Timeout = received.Timeout,
    };

    /// <summary>
    /// Binds the entry to a real server of this director: forwarding method and NOOUTPUT come from the server (spec §6.3, step 3).
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="method">The real server's forwarding method.</param>
    public static ConnectionEntry Bind(in ConnectionEntry entry, ConnectionFlags method) => entry with
    {
        Flags = (entry.Flags & ~BoundMask) | (method & IP_VS_CONN_F_FWD_MASK)
            | ((method & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ ? 0 : IP_VS_CONN_F_NOOUTPUT),
    };
}
