using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The kernel's decision whether a connection is sent now, tick by tick (spec §4.3). Pure: the same input always gives the same verdict,
/// and what is to be remembered is the caller's <see cref="SyncMemory"/>. Two callers at once must not share a memory.
/// </summary>
internal static class SyncPolicy
{
    /// <summary>Half of a timeout shorter than twice this counts as this: seconds.</summary>
    private const int ShortestHalfTimeout = 10;

    // The states that may be sent, bit n for state n (spec §4.3, rule 3).
    private const uint TcpSentStates = 1 << ConnectionState.IP_VS_TCP_S_ESTABLISHED | 1 << ConnectionState.IP_VS_TCP_S_FIN_WAIT
        | 1 << ConnectionState.IP_VS_TCP_S_TIME_WAIT | 1 << ConnectionState.IP_VS_TCP_S_CLOSE | 1 << ConnectionState.IP_VS_TCP_S_CLOSE_WAIT;

    private const uint SctpSentStates = 1 << ConnectionState.IP_VS_SCTP_S_ESTABLISHED | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_SENT
        | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_RECEIVED | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_ACK_SENT
        | 1 << ConnectionState.IP_VS_SCTP_S_CLOSED;

    /// <summary>Decides, and notes in <paramref name="memory"/> what is sent. Allocates nothing.</summary>
    /// <param name="facts">The connection.</param>
    /// <param name="packets">The number of the packet that asks, as spec §4.1 and §4.5 count it.</param>
    /// <param name="now">The time in ticks, on the clock of <paramref name="memory"/>.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="memory">What the connection remembers of its last message; changes only when it is sent again.</param>
    public static SyncVerdict Decide(in SyncFacts facts, int packets, long now, SyncSettings settings, ref SyncMemory memory)
    {
        long end = SyncTicks.RoundDown(now + facts.Timeout);
        SyncVerdict verdict = ByKind(facts, settings, memory.SentState)
            ?? ByTime(facts, now, settings, memory.EndTime, ref end)
            ?? ByPackets(facts.IsTemplate, packets, settings);
        // A retry has to satisfy the packet rule as well; when it does, it is the retry count in the end time that tells.
        if (!verdict.IsSend())
            return verdict;
        memory = new SyncMemory(end, facts.State);
        return (end & SyncTicks.RetryMask) != 0 ? SyncVerdict.Retry : verdict;
    }

    /// <summary>Rules 1 to 3: the verdict that time and packets have no part in.</summary>
    private static SyncVerdict? ByKind(in SyncFacts facts, SyncSettings settings, ushort sentState)
    {
        if (facts.Family != IpFamily.IPv4 && settings.Version == Protocol.Wire.SyncVersion.V0)
            return SyncVerdict.NotIPv4;
        if (facts.IsOnePacket)
            return SyncVerdict.OnePacket;
        if (facts.IsTemplate)
            return null;
        if (settings.PersistMode && facts.HasTemplateAbove)
            return SyncVerdict.UnderTemplate;
        return facts.Protocol switch
        {
            IpProtocol.Tcp => ByState(TcpSentStates, ConnectionState.IP_VS_TCP_S_ESTABLISHED, facts.State, sentState),
            IpProtocol.Sctp => ByState(SctpSentStates, ConnectionState.IP_VS_SCTP_S_ESTABLISHED, facts.State, sentState),
            _ => null,
        };
    }

    /// <summary>A change to ESTABLISHED decides nothing: it waits for its time and packet as if there were no change.</summary>
    private static SyncVerdict? ByState(uint sentStates, ushort established, ushort state, ushort sentState)
    {
        if (state >= 32 || (sentStates >> state & 1) == 0)
            return SyncVerdict.StateNotSent;
        return state != sentState && state != established ? SyncVerdict.StateChange : null;
    }

    /// <summary>Rule 4: within the refresh window only a retry passes, which <paramref name="end"/> then counts.</summary>
    private static SyncVerdict? ByTime(in SyncFacts facts, long now, SyncSettings settings, long toldEnd, ref long end)
    {
        if (settings.RefreshTicks <= 0)
            return null;
        long halfTimeout = Math.Max(facts.Timeout / 2, (long)ShortestHalfTimeout * settings.TicksPerSecond);
        if (SyncTicks.Distance(end, toldEnd) >= Math.Min(settings.RefreshTicks, halfTimeout))
            return null;
        long retries = toldEnd & SyncTicks.RetryMask;
        if (retries >= settings.Retries)
            return SyncVerdict.RecentlySent;
        if (SyncTicks.IsBefore(now, toldEnd - facts.Timeout + (settings.RefreshTicks / 8)))
            return SyncVerdict.RetryTooEarly;
        end += retries + 1;
        return null;
    }

    /// <summary>Rule 5: the packet's number.</summary>
    private static SyncVerdict ByPackets(bool isTemplate, int packets, SyncSettings settings)
    {
        if (settings.Period > 0 && !isTemplate)
            return packets % settings.Period == settings.Threshold ? SyncVerdict.PacketRule : SyncVerdict.OutsidePacketRule;
        if (settings.RefreshTicks > 0)
            return SyncVerdict.Refresh;
        if (settings.Period > 0)
            return SyncVerdict.Template;
        return packets == settings.Threshold ? SyncVerdict.Threshold : SyncVerdict.OutsideThreshold;
    }
}
