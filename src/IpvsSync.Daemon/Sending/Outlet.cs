using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The way out of the table: decides which connections are sent, when, and on which lane. One outlet sends this director's own connections to the
/// peers, another the peers' connections to the kernel. News leaves at once, refreshes and repetitions with the next message, the rest later
/// (<see cref="RefreshPolicy"/>). The table calls it under the lock of the record's shard, so that one connection's entries reach their lane in
/// order whichever thread brings them. While the outlet is closed, it records updates as sent without sending them. When it opens, they count as
/// lost, and the sweep sends them.
/// </summary>
/// <param name="lanes">The lanes; null to begin closed.</param>
/// <param name="settings">Period, retries and timeout margin at the start.</param>
/// <param name="counters">The counters of its stage.</param>
internal sealed class Outlet(Lanes? lanes, RefreshSettings settings, StageCounters counters)
{
    private readonly Lock _change = new();
    private volatile Lanes? _lanes = lanes;
    private Lanes? _behind = lanes;
    private bool _isHeld;
    private volatile RefreshSettings _settings = settings;

    /// <summary>Seconds by which the table's own timers exceed the connections'; see <see cref="RefreshSettings.TimeoutMargin"/>.</summary>
    public uint TimeoutMargin => _settings.TimeoutMargin;

    /// <summary>Whether what it is given leaves now.</summary>
    public bool IsOpen => _lanes is not null;

    /// <summary>Whether it is open, and the lane of a connection has space for what is sent again.</summary>
    public bool HasRoom(in ConnectionKey key) => _lanes is { } lanes && lanes.HasRoom(key);

    /// <summary>The settings in force.</summary>
    public RefreshSettings Settings => _settings;

    /// <summary>Changes the settings. The next sweep visits every record for them.</summary>
    public void Change(RefreshSettings fresh) => _settings = fresh;

    /// <summary>
    /// Sends on <paramref name="lanes"/> from now on. The next sweep sends what was sent or held back since <paramref name="sinceMs"/>.
    /// </summary>
    public void Open(Lanes lanes, long sinceMs)
    {
        lock (_change)
        {
            // Open first: what is held back until then is older than the window's end.
            _behind = lanes;
            if (!_isHeld)
                _lanes = lanes;
            lanes.LoseUnseen(sinceMs);
        }
    }

    /// <summary>Stops sending. The threads that bring connections must have ended, or an entry that is being appended may stay in its lane.</summary>
    public void Close()
    {
        lock (_change)
            _lanes = _behind = null;
    }

    /// <summary>
    /// Is as if closed until <see cref="Release"/>, whatever opens and closes it: nothing can leave for now. An entry that is being appended stays
    /// in its lane. Any thread, as the next.
    /// </summary>
    public void Hold()
    {
        lock (_change)
            (_isHeld, _lanes) = (true, null);
    }

    /// <summary>Ends <see cref="Hold"/>. The next sweep sends what was sent or held back since <paramref name="sinceMs"/>, held or not.</summary>
    public void Release(long sinceMs)
    {
        lock (_change)
        {
            (_isHeld, _lanes) = (false, _behind);
            _behind?.LoseUnseen(sinceMs);
        }
    }

    /// <summary>Takes an entry that has just arrived.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="isNews">Whether it differs from the entry before it.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="state">The send state of the connection.</param>
    /// <param name="place">Kept with the record for its lane, 0 at first (<see cref="LaneQueue.Append"/>).</param>
    public void Offer(in ConnectionEntry entry, scoped in PersistenceData persistence, bool isNews, long nowMs, int record, ref SentState state, ref uint place)
    {
        if (_lanes is not { } lanes)
        {
            HoldBack(nowMs, ref state);
            return;
        }

        SendDecision decision = RefreshPolicy.Decide(isNews, TimeoutMs(entry), nowMs, _settings, ref state);
        if (decision != SendDecision.Postponed)
            Send(lanes, entry, persistence, isUrgent: decision == SendDecision.News, nowMs, record, ref place);
        else
            counters.Postpone();
    }

    /// <summary>
    /// Sends a refresh that is pending and due, or an entry that may have been lost, as far as the lane's queue has space. The table calls it about
    /// once a second for each record with a pending refresh, from the time it is due; and for every record after losses and a change of settings.
    /// </summary>
    /// <param name="entry">The newest entry of the connection.</param>
    /// <param name="persistence">Its persistence data, as the table keeps it.</param>
    /// <param name="losses">Windows of the lanes, by lane.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="state">The send state of the connection.</param>
    /// <param name="place">Kept with the record for its lane, 0 at first (<see cref="LaneQueue.Append"/>).</param>
    public void SendDeferred(in ConnectionEntry entry, scoped in PersistenceData persistence, LaneLosses losses, long nowMs, int record, ref SentState state, ref uint place)
    {
        if (_lanes is not { } lanes)
        {
            HoldBack(nowMs, ref state);
            return;
        }

        if (losses.MayInclude(entry.KeyInPlace, state))
            state = new SentState { IsPending = true };
        // What may have been lost, or has its real server only now, is news; a refresh is none.
        bool isNews = !state.IsSent;
        if (!RefreshPolicy.IsDue(TimeoutMs(entry), nowMs, _settings, state) || !lanes.HasRoom(entry.KeyInPlace))
            return;
        RefreshPolicy.NoteSent(nowMs, ref state);
        Send(lanes, entry, persistence, isUrgent: isNews, nowMs, record, ref place);
    }

    /// <summary>Sends an entry again though nothing was heard of its connection, if its lane has space.</summary>
    /// <param name="entry">The newest entry of the connection.</param>
    /// <param name="persistence">Its persistence data, as the table keeps it.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="record">The table's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="state">The send state of the connection.</param>
    /// <param name="place">Kept with the record for its lane, 0 at first (<see cref="LaneQueue.Append"/>).</param>
    /// <returns>False if it was not sent: the outlet is closed, or more than half of the lane's queue is taken.</returns>
    public bool TryRepeat(in ConnectionEntry entry, scoped in PersistenceData persistence, long nowMs, int record, ref SentState state, ref uint place)
    {
        if (_lanes is not { } lanes || !lanes.HasRoom(entry.KeyInPlace))
            return false;
        RefreshPolicy.NoteRepeated(nowMs, ref state);
        Send(lanes, entry, persistence, isUrgent: false, nowMs, record, ref place);
        return true;
    }

    /// <summary>When a pending refresh is due, on the table's clock. Meaningless if none is pending.</summary>
    public long DueMs(in ConnectionEntry entry, in SentState state) => RefreshPolicy.DueMs(TimeoutMs(entry), _settings, state);

    /// <summary>What the lanes lost since the last call.</summary>
    public LaneLosses TakeLosses() => _lanes?.TakeLosses() ?? LaneLosses.None;

    /// <summary>Wakes the senders.</summary>
    public void Signal() => _lanes?.Signal();

    private static long TimeoutMs(in ConnectionEntry entry) => KernelTimeouts.Default.Of(entry) * 1000L;

    /// <summary>Records an update as sent: no refresh is pending, and <see cref="Open"/> finds it by its time.</summary>
    private static void HoldBack(long nowMs, ref SentState state) => state = new SentState { IsSent = true, SentMs = nowMs };

    /// <summary>Writes an entry that a lost message carried into another message, unless it was sent since.</summary>
    /// <param name="entry">The newest entry of the connection.</param>
    /// <param name="persistence">Its persistence data, as the table keeps it.</param>
    /// <param name="lostMs">When the lost message was handed out, on the table's clock.</param>
    /// <param name="nowMs">The time on the same clock.</param>
    /// <param name="writer">Takes the entry.</param>
    /// <param name="state">The send state of the connection.</param>
    public Retelling Tell(in ConnectionEntry entry, scoped in PersistenceData persistence, long lostMs, long nowMs, ref MessageWriter writer, ref SentState state)
    {
        if (state.IsSent && state.SentMs > lostMs)
            return Retelling.NotNeeded;
        Refusal refusal = writer.TryWrite(Outgoing(entry), persistence);
        if (refusal == Refusal.Full)
            return Retelling.Full;
        if (refusal != Refusal.None)
        {
            counters.Refuse(refusal);
            return Retelling.NotNeeded;
        }

        // What is pending beside the lost message stays so: a kernel needs it still.
        state = state.IsSent ? state with { SentMs = nowMs } : new SentState { IsSent = true, SentMs = nowMs };
        return Retelling.Told;
    }

    /// <summary>The entry as peers get it: its timeout is longer by <see cref="TimeoutMargin"/>.</summary>
    public ConnectionEntry Outgoing(in ConnectionEntry entry)
    {
        uint margin = _settings.TimeoutMargin;
        return margin == 0 || entry.Timeout == 0
            ? entry
            : entry with { Timeout = (uint)Math.Min(uint.MaxValue, (ulong)entry.Timeout + margin) };
    }

    private void Send(Lanes lanes, in ConnectionEntry entry, scoped in PersistenceData persistence, bool isUrgent, long nowMs, int record, ref uint place)
    {
        // An entry is large, and to the kernel it goes as it is.
        Refusal refusal = _settings.TimeoutMargin == 0
            ? lanes.Append(entry, persistence, isUrgent, nowMs, record, ref place)
            : lanes.Append(Outgoing(entry), persistence, isUrgent, nowMs, record, ref place);
        if (refusal != Refusal.None)
            counters.Refuse(refusal);
    }
}
