using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlagMasks;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// What a backup does with an entry: the kernel's rules (spec §6.1 to §6.3), and one of ours: what is older moves no connection back
/// (<see cref="LifeOrder"/>). Pure.
/// </summary>
internal static class BackupRules
{
    /// <summary>
    /// How long in milliseconds after the last word on a connection an earlier state is taken for an old message, delayed or sent twice.
    /// Later it is taken for a new connection of the same ends: nothing on the wire tells the two apart.
    /// </summary>
    public const long OlderWithinMs = 10_000;

    /// <summary>The bits that a record has from its real server here, and from no message, once there is one (spec §6.3, step 3).</summary>
    private const ConnectionFlags BoundMask = IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT;

    /// <summary>Judges a peer's entry.</summary>
    /// <param name="known">What is known of its connection.</param>
    /// <param name="told">The entry.</param>
    /// <param name="isOwn">Whether this director's own kernel told us last: then no lapse of time makes an earlier state new.</param>
    /// <param name="ageMs">Milliseconds since the last word on the connection.</param>
    public static PeerVerdict Judge(in ConnectionEntry known, in ConnectionEntry told, bool isOwn, long ageMs)
    {
        ConnectionKey key = known.Key;
        if (!key.IsTemplate && (told.Real != known.Real || told.RealPort != known.RealPort))
            return told.Flags.HasFlag(IP_VS_CONN_F_INACTIVE) ? PeerVerdict.Older : PeerVerdict.Replace;
        bool isFresh = isOwn || ageMs < OlderWithinMs;
        return isFresh && LifeOrder.IsBehind(key.Protocol, key.IsTemplate, told.State, known.State) ? PeerVerdict.Older : PeerVerdict.Update;
    }

    /// <summary>What is known after an update (spec §6.2, §6.5): of the flags three bits, sequence data if there is some, state and timeout.</summary>
    public static ConnectionEntry Merge(in ConnectionEntry known, in ConnectionEntry told) => known with
    {
        Flags = (told.Flags & IP_VS_CONN_F_BACKUP_UPD_MASK) | (known.Flags & ~IP_VS_CONN_F_BACKUP_UPD_MASK),
        Sequence = told.HasSequence ? told.Sequence : known.Sequence,
        HasSequence = told.HasSequence || known.HasSequence,
        State = told.State,
        Timeout = told.Timeout,
    };

    /// <summary>The entry bound to a real server of this director: forwarding method and NOOUTPUT are its own (spec §6.3, step 3).</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="method">The real server's forwarding method.</param>
    public static ConnectionEntry Bind(in ConnectionEntry entry, ConnectionFlags method) => entry with
    {
        Flags = (entry.Flags & ~BoundMask) | (method & IP_VS_CONN_F_FWD_MASK)
            | ((method & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ ? 0 : IP_VS_CONN_F_NOOUTPUT),
    };
}
