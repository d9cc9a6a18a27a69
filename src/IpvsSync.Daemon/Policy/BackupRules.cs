using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlagMasks;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The rules of a backup for a peer's entry: those of the kernel (spec §6.1 to §6.3) and two of this daemon: an older state moves no connection
/// back (<see cref="LifeOrder"/>), and a flow of UDP that has moved to another real server moves here as well. Pure.
/// </summary>
internal static class BackupRules
{
    /// <summary>
    /// The time in milliseconds after the last update of a connection during which an earlier state counts as an old message, where messages are
    /// known to arrive out of order. After that it counts as a new connection between the same endpoints.
    /// </summary>
    public const long OlderWithinMs = 10_000;

    /// <summary>The longest delay in milliseconds by which a link lets one message overtake another.</summary>
    public const long OvertakenWithinMs = 1000;

    /// <summary>
    /// Milliseconds after the last update at which a contested connection is decided: whatever the link holds back has arrived by then.
    /// </summary>
    public const long SettledAfterMs = 2 * OvertakenWithinMs;

    /// <summary>
    /// Milliseconds after which this director's own kernel has told a connection again if it still carries it: the longest refresh period of the
    /// feed, and some.
    /// </summary>
    public const long OwnSilentMs = 30_000;

    /// <summary>The flags that a bound record takes from its real server here, not from messages (spec §6.3, step 3).</summary>
    private const ConnectionFlags BoundMask = IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT;

    /// <summary>Decides what to do with a peer's entry.</summary>
    /// <param name="known">The known state of its connection.</param>
    /// <param name="received">The entry.</param>
    /// <param name="facts">What else counts.</param>
    public static PeerVerdict Judge(in ConnectionEntry known, in ConnectionEntry received, in RecordFacts facts)
    {
        ref readonly ConnectionKey key = ref known.KeyInPlace;
        if (IsElsewhere(known, received) && (!key.IsTemplate || HasMoved(facts)))
            return JudgeElsewhere(received, facts);
        if (!LifeOrder.IsBehind(key.Protocol, key.IsTemplate, received.State, known.State))
            return PeerVerdict.Update;
        if (facts.IsOwn)
            return PeerVerdict.Older;
        if (facts.Order == RecordOrder.Newer || facts.AgeMs >= OlderWithinMs)
            return PeerVerdict.Update;
        return facts.Order == RecordOrder.Late || key.IsTemplate ? PeerVerdict.Older : JudgeEarlier(received, facts);
    }

    /// <summary>Whether an entry has another real server than the known connection.</summary>
    public static bool IsElsewhere(in ConnectionEntry known, in ConnectionEntry received)
        => received.Real != known.Real || received.RealPort != known.RealPort;

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

    /// <summary>The new life that a contested entry told of: established, since masters send no earlier state (spec §4.3).</summary>
    /// <param name="known">What is known.</param>
    /// <param name="timeouts">The timeouts of states.</param>
    public static ConnectionEntry Reopen(in ConnectionEntry known, KernelTimeouts timeouts)
    {
        byte protocol = known.KeyInPlace.Protocol;
        ushort state = LifeOrder.Established(protocol);
        return known with { State = state, Timeout = timeouts.Of(protocol, state), Flags = known.Flags & ~IP_VS_CONN_F_INACTIVE };
    }

    /// <summary>
    /// The flags of an entry that is bound to a real server of this director: forwarding method and NOOUTPUT come from the server (spec §6.3, step 3).
    /// </summary>
    /// <param name="flags">The entry's flags.</param>
    /// <param name="method">The real server's forwarding method.</param>
    public static ConnectionFlags Bind(ConnectionFlags flags, ConnectionFlags method)
        => (flags & ~BoundMask) | (method & IP_VS_CONN_F_FWD_MASK)
            | ((method & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ ? 0 : IP_VS_CONN_F_NOOUTPUT);

    /// <summary>
    /// Decides about an earlier state where nothing tells the order. A port may be used again at once, and its new life may be told only once: if
    /// it is taken for an old message, a living connection is lost. If an old message is taken for a new life, a dead one stays for its timeout.
    /// So the doubt is for the living, unless messages are seen to overtake each other. Right after the end it waits for what the link shows:
    /// until then the connection stays in the kernel, and packets pass in any state.
    /// </summary>
    private static PeerVerdict JudgeEarlier(in ConnectionEntry received, in RecordFacts facts)
    {
        if (!LifeOrder.IsOpen(received.KeyInPlace.Protocol, received.State))
            return JudgeEarlierEnd(facts);
        if (facts.LinkReorders)
            return PeerVerdict.Older;
        return facts.AgeMs >= OvertakenWithinMs ? PeerVerdict.Update : PeerVerdict.Contested;
    }

    /// <summary>No life begins with its end, unless what was before was told together with it.</summary>
    private static PeerVerdict JudgeEarlierEnd(in RecordFacts facts)
    {
        if (facts.AgeMs < OvertakenWithinMs)
            return facts.HasPast ? PeerVerdict.Older : PeerVerdict.Overtaken;
        return facts.LinkReorders ? PeerVerdict.Older : PeerVerdict.Update;
    }

    /// <summary>
    /// Whether a template's clients go to another real server now. A kernel's backup keeps the template's first server for ever (spec §6.1). Here
    /// it gives way where the order is known, or where its own kernel would not use it any more.
    /// </summary>
    private static bool HasMoved(in RecordFacts facts)
        => !facts.IsOwn && (facts.Order == RecordOrder.Newer || (facts.Order == RecordOrder.Unknown && facts.IsOver));

    /// <summary>
    /// Decides about an entry with another real server. INACTIVE marks a late notice of a connection that was replaced (spec §6.1), but not where
    /// every connection of the protocol has it, as of UDP: there the flow has moved.
    /// </summary>
    private static PeerVerdict JudgeElsewhere(in ConnectionEntry received, in RecordFacts facts)
    {
        if (facts.Order == RecordOrder.Late && facts.AgeMs < OlderWithinMs)
            return PeerVerdict.Older;
        if (!received.Flags.HasFlag(IP_VS_CONN_F_INACTIVE))
            return PeerVerdict.Replace;
        if (facts.IsOwn && facts.AgeMs < OwnSilentMs)
            return PeerVerdict.Older;
        if (facts.Order == RecordOrder.Newer)
            return PeerVerdict.Replace;
        if (!received.KeyInPlace.IsTemplate && LifeOrder.Has(received.KeyInPlace.Protocol))
            return PeerVerdict.Older;
        return facts.LinkReorders && facts.AgeMs < OvertakenWithinMs ? PeerVerdict.Older : PeerVerdict.Replace;
    }
}
