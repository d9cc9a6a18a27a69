using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// The numbers of all peers' messages on one lane. The lane's receiver notes what comes, its sender asks for what does not. Any thread; one
/// lock, taken once a message.
/// </summary>
/// <param name="own">This director's own instance.</param>
/// <param name="lane">The lane.</param>
/// <param name="lanes">Lanes of this director, a power of two.</param>
/// <param name="owners">The places of all peers.</param>
/// <param name="learner">While it learns everything, nobody is asked for everything besides.</param>
/// <param name="isStrict">Whether only what is new shows that a peer is there, since all else can be a recording; null: it never is.</param>
internal sealed class LaneWindows(uint own, int lane, int lanes, PeerOwners owners, Learner learner, Func<bool>? isStrict = null)
{
    private readonly Lock _lock = new();
    private readonly List<PeerWindow> _windows = [];
    private PeerWindow? _last;
    private WindowCounts _past;
    private long _unknown;
    private int _turn;

    /// <summary>Messages of instances for which there was no place: as many are known already as there may be.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>What became of the numbers of instances that had to give their places to others, since <see cref="Clear"/>.</summary>
    public WindowCounts Past
    {
        get
        {
            lock (_lock)
                return _past;
        }
    }

    /// <summary>Whether the message that was noted last had come before, but not on its link. For the lane's receiver.</summary>
    public bool LastWasCopy { get; private set; }

    /// <summary>Every instance that is known.</summary>
    public IReadOnlyList<InstanceSnapshot> Snapshots
    {
        get
        {
            lock (_lock)
                return [.. _windows.Where(window => !window.IsRun).Select(Snapshot)];
        }
    }

    /// <summary>Notes a message.</summary>
    /// <param name="trailer">Its trailer, with a number.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="opensHole">Whether there is something to be asked for that was not known before.</param>
    /// <param name="owner">The place of the sums of what the peer told; 0 if it has none.</param>
    /// <param name="link">The number of the link on which it came.</param>
    /// <returns>Null if there is no place for its instance: nothing is known of the order of its messages.</returns>
    public NumberVerdict? Note(in Trailer trailer, in SourceAddress source, long nowMs, out bool opensHole, out byte owner, int link = 0)
    {
        lock (_lock)
        {
            (opensHole, owner) = (false, 0);
            if (Find(trailer, trailer.Number, isCome: true, source, nowMs) is not { } window)
                return null;
            int open = window.Numbers.OpenCount;
            NumberVerdict verdict = window.Numbers.Note(trailer.Number, nowMs, PatienceMs(), window.IsCopied);
            LastWasCopy = verdict == NumberVerdict.Duplicate && trailer.Number > window.Links[link].Passed;
            bool isNews = LastWasCopy || verdict is NumberVerdict.Newest or NumberVerdict.Late;
            Touch(window, isNews, trailer.Number, isCome: true, source, nowMs, link);
            CheckMissing(window, nowMs);
            (opensHole, owner) = (window.Numbers.OpenCount > open || window.Audit.AllDueMs <= nowMs, window.Owner);
            return verdict;
        }
    }

    /// <summary>Notes that an instance has sent messages up to <paramref name="highest"/>.</summary>
    /// <returns>Whether there is something to be asked for that was not known before.</returns>
    public bool Announce(in Trailer trailer, ulong highest, in SourceAddress source, long nowMs, int link = 0)
    {
        lock (_lock)
        {
            if (Find(trailer, highest, isCome: false, source, nowMs) is not { } window)
                return false;
            int open = window.Numbers.OpenCount;
            Touch(window, isNews: highest > window.Links[link].Passed, highest, isCome: false, source, nowMs, link);
            window.Numbers.Announce(highest, nowMs, PatienceMs());
            CheckMissing(window, nowMs);
            return window.Numbers.OpenCount > open || window.Audit.AllDueMs <= nowMs;
        }
    }

    /// <summary>Whether an instance has answered this director, and when it was last sure to be there.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="heardMs">When that was, on the table's clock.</param>
    public bool IsVouched(uint instance, out long heardMs)
    {
        lock (_lock)
        {
            PeerWindow? window = Known(instance);
            heardMs = window?.HeardMs ?? long.MinValue / 2;
            return window is { IsVouched: true, IsRun: false };
        }
    }

    /// <summary>
    /// Notes that an instance has answered this director: what it says from now on is no recording. What it has said before is too old, and is told
    /// again: by numbers if it is new itself, else all of it.
    /// </summary>
    /// <param name="trailer">The answer's trailer.</param>
    /// <param name="highest">The highest number of its lane when it answered.</param>
    /// <param name="hasDropped">Whether something of it was dropped before.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="link">The number of the link on which it came.</param>
    public void Vouch(in Trailer trailer, ulong highest, bool hasDropped, in SourceAddress source, long nowMs, int link = 0)
    {
        lock (_lock)
        {
            PeerWindow? window = Known(trailer.Instance);
            if (window is { IsVouched: false } && window.Numbers.Highest > highest + NumberWindow.Size)
            {
                // Somebody else has used its name with a number that it has never reached.
                Remove(trailer.Instance);
                window = null;
            }

            bool isNew = window is null;
            window ??= Admit(trailer.Instance, highest, isCome: false, source, nowMs);
            if (window is null || window.IsRun)
                return;
            Touch(window, isNews: true, highest, isCome: false, source, nowMs, link);
            if (!window.IsVouched)
                (window.IsVouched, window.Numbers.Floor) = (true, isNew ? highest : window.Numbers.Before);
            window.Numbers.Announce(highest, nowMs, PatienceMs());
            if (isNew && hasDropped && window.Numbers.Before > 0)
                window.Audit.WantAll(nowMs);
        }
    }

    /// <summary>Notes that an instance has told again what messages of its carried; see <see cref="NumberWindow.Repair"/>.</summary>
    public void Repair(uint instance, NumberRange range, bool isGone, long nowMs)
    {
        lock (_lock)
        {
            if (Known(instance) is not { } window)
                return;
            window.Numbers.Repair(range, isGone, nowMs);
            CheckMissing(window, nowMs);
        }
    }

    /// <summary>Compares a peer's digest. Every message before it was applied.</summary>
    /// <param name="instance">The peer.</param>
    /// <param name="theirs">Its sums, by group.</param>
    /// <param name="isLast">Whether no later message was applied.</param>
    public void Compare(uint instance, ReadOnlySpan<ulong> theirs, bool isLast)
    {
        lock (_lock)
        {
            if (Known(instance) is not { Owner: not 0 } window || owners.Sums is not { } sums)
                return;
            if (isLast && window.Numbers.OpenCount == 0)
                window.Audit.CompareGroups(theirs, sums, window.Owner);
        }
    }

    /// <summary>Compares the sums of single cells. Every message before them was applied.</summary>
    /// <param name="instance">The peer.</param>
    /// <param name="firstCell">The first cell.</param>
    /// <param name="theirs">The peer's sums of that and those that follow.</param>
    /// <param name="isLast">Whether no later message was applied.</param>
    public void CompareCells(uint instance, int firstCell, ReadOnlySpan<ulong> theirs, bool isLast)
    {
        lock (_lock)
        {
            if (Known(instance) is not { Owner: not 0 } window || owners.Sums is not { } sums)
                return;
            if (!isLast || window.Numbers.OpenCount > 0)
            {
                window.Audit.PassOver();
                return;
            }

            window.Audit.NoteCompared(firstCell);
            for (int i = 0; i < theirs.Length && firstCell + i < CellSum.Cells; i++)
                window.Audit.CompareCell(firstCell + i, theirs[i], sums.Peer(window.Owner, firstCell + i));
        }
    }

    /// <summary>Takes the answer to a digest, if one is owed.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="groups">The groups of which the sums of single cells are wanted.</param>
    /// <param name="report">What was found; its instance is the peer's.</param>
    public bool TryTakeAnswer(long nowMs, out ulong groups, out HeldReport report)
    {
        lock (_lock)
        {
            (groups, report) = (0, default);
            if (_windows.Find(OwesAnswer) is not { } found)
                return false;
            (groups, report) = (found.Audit.WantedGroups, found.Audit.Report(found.Instance, nowMs));
            found.Audit.NoteAnswered();
            return true;
        }
    }

    /// <summary>Takes cells whose connections a peer is to tell again.</summary>
    /// <param name="instance">The peer.</param>
    /// <param name="cells">Takes the cells.</param>
    /// <returns>How many there are; 0 when there are none.</returns>
    public int TakeWanted(out uint instance, Span<ushort> cells)
    {
        lock (_lock)
        {
            instance = 0;
            if (_windows.Find(window => window.Audit.Wanted.Count > 0) is not { } found)
                return 0;
            instance = found.Instance;
            return found.Audit.Wanted.Take(cells);
        }
    }

    /// <summary>Has every peer asked for everything.</summary>
    public void WantAll(long nowMs)
    {
        lock (_lock)
            _windows.FindAll(window => !window.IsRun).ForEach(window => window.Audit.WantAll(nowMs));
    }

    /// <summary>Begins to follow a run, which is told under an instance of its own.</summary>
    /// <param name="trailer">Of the message that says so.</param>
    /// <param name="source">Where it is told from.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void BeginRun(in Trailer trailer, in SourceAddress source, long nowMs)
    {
        lock (_lock)
        {
            Remove(trailer.Instance);
            var window = new PeerWindow(trailer.Instance, source, nowMs, owner: 0, new PeerAudit(lane, lanes)) { IsRun = true };
            window.Numbers.BeginAt(trailer.Number);
            _windows.Add(window);
        }
    }

    /// <summary>Notes a message of a run.</summary>
    /// <param name="trailer">Its trailer; without a number it changes nothing.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="isNew">Whether it did not come before.</param>
    /// <param name="trace">What has come of the run.</param>
    /// <returns>False if the run is not followed.</returns>
    public bool NoteRun(in Trailer trailer, long nowMs, out bool isNew, out RunTrace trace)
    {
        lock (_lock)
        {
            (isNew, trace) = (false, default);
            if (Known(trailer.Instance) is not { IsRun: true } window)
                return false;
            window.NoteHeard(nowMs);
            if (trailer.Number > 0)
                isNew = window.Numbers.Note(trailer.Number, nowMs, PatienceMs()) is NumberVerdict.Newest or NumberVerdict.Late;
            trace = new RunTrace(window.Numbers.Highest, window.Numbers.OpenCount, window.Numbers.Counts.Missing);
            return true;
        }
    }

    /// <summary>Notes that messages of a run have left up to <paramref name="highest"/>.</summary>
    public void AnnounceRun(uint instance, ulong highest, long nowMs)
    {
        lock (_lock)
        {
            if (Known(instance) is { IsRun: true } window)
                window.Numbers.Announce(highest, nowMs, PatienceMs());
        }
    }

    /// <summary>Forgets an instance that was a run, of this director or of another.</summary>
    public void EndRun(uint instance)
    {
        lock (_lock)
            Remove(instance);
    }

    /// <summary>Where an instance speaks from; null if it is not known.</summary>
    public SourceAddress? SourceOf(uint instance)
    {
        lock (_lock)
            return Known(instance)?.Source;
    }

    /// <summary>The place of the sums of what an instance tells, though it may not have been heard on this lane yet; 0 if there is none.</summary>
    public byte OwnerOf(uint instance, long nowMs)
    {
        lock (_lock)
            return Known(instance)?.Owner ?? owners.Reserve(instance, nowMs);
    }

    /// <summary>
    /// Marks the owners that were heard since <paramref name="sinceMs"/>, but for those at one address: a director that has started anew there is not
    /// the one that it was.
    /// </summary>
    public void MarkLive(Span<bool> live, in SourceAddress but, long sinceMs)
    {
        lock (_lock)
        {
            foreach (PeerWindow window in _windows)
                live[window.Owner] |= window.HeardMs >= sinceMs && !window.IsAt(but);
        }
    }

    /// <summary>Takes a peer of whom everything is to be asked for now.</summary>
    public bool TryTakeAll(long nowMs, out uint instance)
    {
        lock (_lock)
        {
            instance = 0;
            foreach (PeerWindow window in _windows)
            {
                if (window.Audit.AllDueMs > nowMs || window.IsSilentAt(nowMs))
                    continue;
                instance = window.Instance;
                window.Audit.NoteAllAsked(nowMs);
                return true;
            }

            return false;
        }
    }

    /// <summary>Whether an answer or cells wait to be taken.</summary>
    public bool HasAuditWork
    {
        get
        {
            lock (_lock)
                return _windows.Exists(window => OwesAnswer(window) || window.Audit.Wanted.Count > 0);
        }
    }

    /// <summary>When something is to be asked for, on the table's clock; <see cref="long.MaxValue"/> if nothing is.</summary>
    public long DueMs(long nowMs)
    {
        lock (_lock)
        {
            long dueMs = long.MaxValue;
            foreach (PeerWindow window in _windows)
            {
                if (!window.IsSilentAt(nowMs))
                    dueMs = Math.Min(dueMs, Math.Min(window.Numbers.DueMs, window.Audit.AllDueMs));
            }

            return dueMs;
        }
    }

    /// <summary>Takes what is to be asked for now, of one instance; the next call begins with the next one.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="instance">The instance to ask.</param>
    /// <param name="ranges">Takes the numbers.</param>
    /// <returns>How many ranges there are; 0 when nothing is due.</returns>
    public int TakeDue(long nowMs, out uint instance, Span<NumberRange> ranges)
    {
        lock (_lock)
        {
            instance = 0;
            for (int tries = _windows.Count; tries > 0; tries--)
            {
                _turn = (_turn + 1) % _windows.Count;
                PeerWindow window = _windows[_turn];
                if (window.IsSilentAt(nowMs) || window.Numbers.TakeDue(nowMs, ranges, window.IsRun ? ulong.MaxValue : window.PassedAt(nowMs)) is not (> 0 and var count))
                    continue;
                instance = window.Instance;
                return count;
            }

            return 0;
        }
    }

    /// <summary>
    /// Forgets an instance that another one has followed, at whose account its numbers are from now on. Nothing happens if one of them is not
    /// known.
    /// </summary>
    public void Follow(uint before, uint after)
    {
        lock (_lock)
        {
            if (Known(before) is not { } old || Known(after) is not { } next)
                return;
            owners.Forget(before);
            next.Follow(old);
            _windows.Remove(old);
            _last = null;
        }
    }

    /// <summary>Forgets all instances, and what became of their numbers.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _windows.ForEach(Forget);
            _windows.Clear();
            (_last, _past) = (null, default);
        }
    }

    /// <summary>What was passed over is asked for again once nothing is missing: else it would be passed over again.</summary>
    private static bool OwesAnswer(PeerWindow window) => window.Audit.OwesAnswer || (window.Audit.HasPassedOver && window.Numbers.OpenCount == 0);

    private static InstanceSnapshot Snapshot(PeerWindow window) => new(
        window.Instance, window.Source, window.SinceMs, window.KnownMs, window.HeardMs, window.Numbers.Highest, window.Numbers.OpenCount, window.Counts, Links(window));

    private static LinkAccount[] Links(PeerWindow window)
    {
        List<LinkAccount> links = [];
        for (int link = 0; link < window.Links.Length; link++)
        {
            if (window.Links[link] is { IsHeard: true } trace)
                links.Add(new LinkAccount(link, trace.Source, trace.HeardMs, trace.Left, trace.Lost));
        }

        return [.. links];
    }

    /// <summary>What is missing for good is asked for with everything else: nothing smaller names it.</summary>
    private static void CheckMissing(PeerWindow window, long nowMs)
    {
        if (window.Numbers.Counts.Missing == window.MissingBefore)
            return;
        window.MissingBefore = window.Numbers.Counts.Missing;
        if (!window.IsRun)
            window.Audit.WantAll(nowMs);
    }

    /// <summary>With more than one peer, each waits for a random time: one of them may ask for all.</summary>
    private long PatienceMs()
        => FlowConstants.NackAfterMs + (_windows.Count > 1 ? Random.Shared.Next(FlowConstants.NackSpreadMs + 1) : 0);

    private PeerWindow? Known(uint instance)
    {
        if (_last?.Instance == instance)
            return _last;
        foreach (PeerWindow window in _windows)
        {
            if (window.Instance == instance)
                return _last = window;
        }

        return null;
    }

    private PeerWindow? Find(in Trailer trailer, ulong number, bool isCome, in SourceAddress source, long nowMs)
    {
        PeerWindow? window = Known(trailer.Instance) ?? Admit(trailer.Instance, number, isCome, source, nowMs);
        if (window is null)
            Volatile.Write(ref _unknown, _unknown + 1);
        return window;
    }

    /// <summary>Notes that an instance is there. Where only what is signed is believed, what it has said before may be a recording.</summary>
    private void Touch(PeerWindow window, bool isNews, ulong number, bool isCome, in SourceAddress source, long nowMs, int link)
    {
        if (isNews || isStrict?.Invoke() != true)
            window.NoteHeard(source, link, number, isCome, nowMs);
    }

    private PeerWindow? Admit(uint instance, ulong number, bool isCome, in SourceAddress source, long nowMs)
    {
        if (instance == own || !HasPlace(nowMs))
            return null;
        var window = new PeerWindow(instance, source, nowMs, owners.Admit(instance), new PeerAudit(lane, lanes));
        if (!window.Numbers.Begin(number, isCome) && !learner.IsLearning)
            window.Audit.WantAll(nowMs);
        _windows.Add(window);
        return _last = window;
    }

    private void Remove(uint instance)
    {
        if (Known(instance) is not { } window)
            return;
        if (!window.IsRun)
            owners.Forget(instance);
        _windows.Remove(window);
        _last = null;
    }

    private bool HasPlace(long nowMs)
    {
        if (_windows.Count < FlowConstants.MaxPeers)
            return true;
        PeerWindow oldest = _windows.MinBy(window => window.HeardMs)!;
        if (!oldest.IsSilentAt(nowMs))
            return false;
        Forget(oldest);
        _last = null;
        return _windows.Remove(oldest);
    }

    private void Forget(PeerWindow window)
    {
        if (window.IsRun)
            return;
        owners.Forget(window.Instance);
        window.Numbers.GiveUp();
        _past.Add(window.Counts);
    }
}
