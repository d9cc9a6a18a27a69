using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Decides what of the table's connections is led on, and to which lane: this director's own to the peers, the peers' to the kernel. News at
/// once, refreshes and repetitions with the next message, the rest later (<see cref="RefreshPolicy"/>). Called by the table under the lock of the record's shard, so that one
/// connection's entries reach its lane in order whichever thread brings them. While it is closed nothing leaves; what would have left then
/// counts as lost when it opens, and the sweeper finds it in the table.
/// </summary>
/// <param name="lanes">Where it leads to; null to begin closed.</param>
/// <param name="settings">Period, retries and timeoutMargin to begin with.</param>
/// <param name="counters">The stage of what is led on.</param>
internal sealed class Outlet(Lanes? lanes, RefreshSettings settings, StageCounters counters)
{
    private volatile Lanes? _lanes = lanes;
    private volatile RefreshSettings _settings = settings;

    /// <summary>Seconds by which the table's own timers exceed the connections'; see <see cref="RefreshSettings.TimeoutMargin"/>.</summary>
    public uint TimeoutMargin => _settings.TimeoutMargin;

    /// <summary>The settings in force.</summary>
    public RefreshSettings Settings => _settings;

    /// <summary>Other settings from now on.</summary>
    public void Change(RefreshSettings fresh) => _settings = fresh;

    /// <summary>
    /// Leads to <paramref name="lanes"/> from now on. The next sweep tells what was told or held back since <paramref name="sinceMs"/>.
    /// </summary>
    public void Open(Lanes lanes, long sinceMs)
    {
        _lanes = lanes;
        lanes.LoseUnseen(sinceMs);
    }

    /// <summary>Nothing leaves from now on. Who hears of connections must have ended, or what is being appended may be left over.</summary>
    public void Close() => _lanes = null;

    /// <summary>What was just heard of a connection.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="isNews">Whether it differs from what was last heard.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="memory">What was told of the connection.</param>
    public void Offer(in ConnectionEntry entry, PersistenceData persistence, bool isNews, long nowMs, int record, ref SentState memory)
    {
        if (_lanes is not { } lanes)
        {
            HoldBack(nowMs, ref memory);
            return;
        }

        SendDecision verdict = RefreshPolicy.Decide(isNews, TimeoutMs(entry), nowMs, _settings, ref memory);
        if (verdict != SendDecision.Postponed)
            Send(lanes, entry, persistence, isUrgent: verdict == SendDecision.News, nowMs, record);
        else
            counters.Postpone();
    }

    /// <summary>
    /// Sends what is owed or may have been lost, as far as its lane has room. To be called for a record that is owed
    /// something from when it is due, about once a second until it is sent; for every one after losses and a change of settings.
    /// </summary>
    /// <param name="entry">What is known of the connection.</param>
    /// <param name="persistence">Its persistence data, as the table keeps it.</param>
    /// <param name="losses">Windows of the lanes, by lane.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="memory">What was told of the connection.</param>
    public void SendDeferred(in ConnectionEntry entry, PersistenceData persistence, LaneLosses losses, long nowMs, int record, ref SentState memory)
    {
        if (_lanes is not { } lanes)
        {
            HoldBack(nowMs, ref memory);
            return;
        }

        if (losses.MayInclude(entry.KeyInPlace, memory))
            memory = new SentState { IsPending = true };
        if (!RefreshPolicy.IsDue(TimeoutMs(entry), nowMs, _settings, memory) || !lanes.HasRoom(entry.KeyInPlace))
            return;
        RefreshPolicy.NoteSent(nowMs, ref memory);
        Send(lanes, entry, persistence, isUrgent: false, nowMs, record);
    }

    /// <summary>When what is owed for a connection is due, on the table's clock; of interest only if something is owed.</summary>
    public long DueMs(in ConnectionEntry entry, in SentState memory) => RefreshPolicy.DueMs(TimeoutMs(entry), _settings, memory);

    /// <summary>Losses of the lanes since the last call.</summary>
    public LaneLosses TakeLosses() => _lanes?.TakeLosses() ?? LaneLosses.None;

    /// <summary>Wakes the senders.</summary>
    public void Signal() => _lanes?.Signal();

    private static long TimeoutMs(in ConnectionEntry entry) => KernelTimeouts.Default.Of(entry) * 1000L;

    /// <summary>As if it had been told: nothing is owed, and <see cref="Open"/> finds it by its time.</summary>
    private static void HoldBack(long nowMs, ref SentState memory) => memory = new SentState { IsSent = true, SentMs = nowMs };

    private void Send(Lanes lanes, in ConnectionEntry entry, PersistenceData persistence, bool isUrgent, long nowMs, int record)
    {
        uint timeoutMargin = _settings.TimeoutMargin;
        ConnectionEntry told = timeoutMargin == 0 || entry.Timeout == 0 ? entry : entry with { Timeout = (uint)Math.Min(uint.MaxValue, (ulong)entry.Timeout + timeoutMargin) };
        Refusal refusal = lanes.Append(told, persistence, isUrgent, nowMs, record);
        if (refusal != Refusal.None)
            counters.Refuse(refusal);
    }
}
