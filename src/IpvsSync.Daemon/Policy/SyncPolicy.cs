using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The kernel's decision whether to send a connection now, tick by tick (spec §4.3). Pure: the same input always gives the same verdict,
/// and the caller keeps the <see cref="SyncMemory"/>. Two callers must not use one memory at the same time.
/// </summary>
internal static class SyncPolicy
{
    /// <summary>In seconds. Half of a timeout that is shorter than this counts as this.</summary>
    private const int ShortestHalfTimeout = 10;

    /// <summary>Decides, and records in <paramref name="memory"/> what is sent. Allocates nothing.</summary>
    /// <param name="facts">The connection.</param>
    /// <param name="packets">The number of the packet that triggers the decision, as spec §4.1 and §4.5 count it.</param>
    /// <param name="now">The time in ticks, on the clock of <paramref name="memory"/>.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="memory">What the connection remembers of its last message; changes only when it is sent again.</param>
    public static SyncVerdict Decide(in SyncFacts facts, int packets, long now, SyncSettings settings, ref SyncMemory memory)
    {
        long end = SyncTicks.RoundDown(now + facts.Timeout);
        if (!IsDecidedByKind(facts, settings, memory.SentState, out SyncVerdict verdict)
            && !IsDecidedByTime(facts, now, settings, memory.EndTime, ref end, out verdict))
            verdict = ByPackets(facts.IsTemplate, packets, settings);
        if (!verdict.IsSend())
            return verdict;
        memory = new SyncMemory(end, facts.State);
        // A retry must satisfy the packet rule as well; only its end time shows that it is a retry.
        return (end & SyncTicks.RetryMask) != 0 ? SyncVerdict.Retry : verdict;
    }

    /// <summary>Rules 1 to 3, which depend on neither time nor packets.</summary>
    private static bool IsDecidedByKind(in SyncFacts facts, SyncSettings settings, ushort sentState, out SyncVerdict verdict)
    {
        verdict = default;
        if (facts.Family != IpFamily.IPv4 && settings.Version == SyncVersion.V0)
            verdict = SyncVerdict.NotIPv4;
        else if (facts.IsOnePacket)
            verdict = SyncVerdict.OnePacket;
        else if (facts.IsTemplate)
            return false;
        else if (settings.PersistMode && facts.HasTemplateAbove)
            verdict = SyncVerdict.UnderTemplate;
        else if (facts.Protocol == IpProtocol.Tcp)
            return IsDecidedByState(SentStates.Tcp, ConnectionState.IP_VS_TCP_S_ESTABLISHED, facts.State, sentState, out verdict);
        else if (facts.Protocol == IpProtocol.Sctp)
            return IsDecidedByState(SentStates.Sctp, ConnectionState.IP_VS_SCTP_S_ESTABLISHED, facts.State, sentState, out verdict);
        else
            return false;
        return true;
    }

    /// <summary>A change to ESTABLISHED decides nothing: time and packet count apply as if there were no change.</summary>
    private static bool IsDecidedByState(uint sentStates, ushort established, ushort state, ushort sentState, out SyncVerdict verdict)
    {
        bool isSent = SentStates.Includes(sentStates, state);
        verdict = isSent ? SyncVerdict.StateChange : SyncVerdict.StateNotSent;
        return !isSent || (state != sentState && state != established);
    }

    /// <summary>Rule 4: within the refresh window only a retry passes; it is counted in <paramref name="end"/>.</summary>
    private static bool IsDecidedByTime(
        in SyncFacts facts, long now, SyncSettings settings, long sentEnd, ref long end, out SyncVerdict verdict)
    {
        verdict = default;
        if (settings.RefreshTicks <= 0)
            return false;
        long halfTimeout = Math.Max(facts.Timeout / 2, (long)ShortestHalfTimeout * settings.TicksPerSecond);
        if (SyncTicks.Distance(end, sentEnd) >= Math.Min(settings.RefreshTicks, halfTimeout))
            return false;
        long retries = sentEnd & SyncTicks.RetryMask;
        bool isSpent = retries >= settings.Retries;
        verdict = isSpent ? SyncVerdict.RecentlySent : SyncVerdict.RetryTooEarly;
        if (isSpent || SyncTicks.IsBefore(now, sentEnd - facts.Timeout + (settings.RefreshTicks / 8)))
            return true;
        end += retries + 1;
        return false;
    }

    /// <summary>Rule 5: the number of the packet.</summary>
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
