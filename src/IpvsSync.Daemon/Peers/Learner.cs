using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// Learns from the peers what this director has missed (docs/protocol.md, "Resync"). It asks who is there, then each peer for its own
/// connections, and the best one for those of others that are not there. The lanes' receivers and senders bring and take what is said;
/// <see cref="Check"/> moves it on. Any thread; one lock.
/// </summary>
/// <remarks>
/// <code>
///   Asking ──▶ Learning ──▶ Injecting ──▶ Ready
///     └── nobody answers ────────────────▶┘
/// </code>
/// A peer whose answer is late takes it back to Learning.
/// </remarks>
internal sealed class Learner
{
    /// <summary>Milliseconds after which HELLO is repeated; the last one for ever.</summary>
    private static readonly long[] s_helloMs = [10, 20, 40, 80, 160, 320];

    private readonly Lock _lock = new();
    private readonly LearnerOptions _options;
    private readonly LaneStudy[] _lanes;
    private readonly Dictionary<uint, PeerOffer> _offers = [];
    private readonly List<Lesson> _lessons = [];
    private readonly HashSet<uint> _silent = [];
    private readonly Dictionary<(ResyncReason, ResyncOutcome), long> _runs = [];
    private ResyncState _state = ResyncState.Ready;
    private ResyncReason _reason = ResyncReason.Start;
    private ResyncOutcome? _outcome;
    private bool _isOpen;
    private bool _mayAsk;
    private bool _isPartial;
    private bool _isLate;
    private uint _from;
    private uint _run;
    private int _hellos;
    private long _helloDueMs = long.MaxValue;
    private long _offeredMs;
    private long _askingMs;
    private long _checkedMs;
    private long _begunMs;
    private long _endedMs;
    private long _entries;
    private long _expected;

    /// <summary>A learner that has not begun.</summary>
    public Learner(LearnerOptions options)
    {
        _options = options;
        _lanes = [.. Enumerable.Range(0, options.Lanes).Select(_ => new LaneStudy())];
        Nonce = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
    }

    /// <summary>Called when a lane has something to say earlier than it said; with the lane.</summary>
    public event Action<int>? Prompted;

    /// <summary>Called when <see cref="Check"/> has something to do.</summary>
    public event Action? Moved;

    /// <summary>A number that only this start of this director knows, for its HELLOs.</summary>
    public ulong Nonce { get; }

    /// <summary>Whether it learns, however the gate stands.</summary>
    public bool IsLearning
    {
        get
        {
            lock (_lock)
                return _state != ResyncState.Ready;
        }
    }

    /// <summary>Whether this director knows what the others know; as long as it learns once more, whether it did before.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
                return _outcome is not (null or ResyncOutcome.Partial or ResyncOutcome.TimedOut);
        }
    }

    /// <summary>Whether this director has not been ready yet.</summary>
    public bool IsStarting
    {
        get
        {
            lock (_lock)
                return _outcome is null;
        }
    }

    /// <summary>How far it is.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public ResyncSnapshot Snapshot(long nowMs)
    {
        lock (_lock)
            return Take(nowMs);
    }

    /// <summary>Needs not learn: it takes nothing from peers.</summary>
    public void Skip(long nowMs)
    {
        lock (_lock)
        {
            (_begunMs, _state, _helloDueMs) = (nowMs, ResyncState.Ready, long.MaxValue);
            Forget();
            Finish(ResyncOutcome.Off, nowMs);
        }
    }

    /// <summary>Begins to ask. What it has learnt before stays, and an open gate stays open.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="isKept">Whether the kernel has the connections still, so that the gate opens at once.</param>
    /// <param name="from">The only peer to learn from; 0 for all.</param>
    public void Begin(ResyncReason reason, long nowMs, bool isKept = false, uint from = 0)
    {
        lock (_lock)
        {
            (_state, _reason, _from, _begunMs, _askingMs, _checkedMs) = (ResyncState.Asking, reason, from, nowMs, nowMs, nowMs);
            (_mayAsk, _isPartial, _isLate, _hellos, _helloDueMs, _entries, _expected) = (false, false, false, 0, nowMs, 0, 0);
            Forget();
            if (isKept)
                Open(ResyncOutcome.Kept);
        }

        Prompted?.Invoke(0);
        Moved?.Invoke();
    }

    /// <summary>Leaves what is under way. A teacher waits for whoever goes on to say how far it is.</summary>
    private void Forget()
    {
        _offers.Clear();
        _lessons.Clear();
        _silent.Clear();
        foreach (LaneStudy lane in _lanes)
            lane.Reset();
    }

    /// <summary>When a lane has something to say, on the table's clock.</summary>
    public long DueMs(int lane)
    {
        lock (_lock)
        {
            long dueMs = _lanes[lane].DueMs;
            return lane == 0 && IsGreeting ? Math.Min(dueMs, _helloDueMs) : dueMs;
        }
    }

    /// <summary>Whether HELLO is to be sent now.</summary>
    public bool TakeHello(int lane, long nowMs)
    {
        lock (_lock)
        {
            if (lane != 0 || !IsGreeting || _helloDueMs > nowMs)
                return false;
            _helloDueMs = nowMs + s_helloMs[Math.Min(_hellos++, s_helloMs.Length - 1)];
            return true;
        }
    }

    /// <summary>Whether HELLO goes on: also after an answer, as long as a late one is taken, since those of other peers may be lost.</summary>
    private bool IsGreeting => _mayAsk
        && (_state == ResyncState.Asking || (_from == 0 && _offers.Count > 0 && _helloDueMs - _askingMs < _options.AloneAfterMs));

    /// <summary>Takes the question that a lane is to ask now.</summary>
    public bool TryTakeAsk(int lane, long nowMs, out LessonQuestion question)
    {
        lock (_lock)
        {
            LaneStudy study = _lanes[lane];
            question = new LessonQuestion(study.Lesson, study.Run, _reason);
            return study.TakeAsk(nowMs);
        }
    }

    /// <summary>Takes what a lane is to say of its run now.</summary>
    public bool TryTakeCredit(int lane, long nowMs, out LessonCredit credit)
    {
        lock (_lock)
            return _lanes[lane].TryTakeCredit(nowMs, out credit);
    }

    /// <summary>Notes that a peer answers.</summary>
    public void NoteOffer(in PeerOffer offer, long nowMs)
    {
        lock (_lock)
        {
            if ((_from != 0 && offer.Instance != _from) || _offers.Count >= FlowConstants.MaxPeers)
                return;
            if (_state != ResyncState.Asking)
            {
                NoteLate(offer, nowMs);
            }
            else
            {
                if (_offers.Count == 0)
                    _offeredMs = nowMs;
                _offers[offer.Instance] = offer;
            }
        }

        Moved?.Invoke();
    }

    /// <summary>A peer that answers in time, but once others have been chosen, tells its own connections too, and what a silent one cannot tell.</summary>
    private void NoteLate(in PeerOffer offer, long nowMs)
    {
        if (_offers.Count == 0 || nowMs - _askingMs >= _options.AloneAfterMs || !_offers.TryAdd(offer.Instance, offer) || offer.Own == 0)
            return;
        _lessons.Add(new Lesson(offer.Instance, IsRemembered: false));
        _isPartial |= offer.Lanes > _lanes.Length;
        _state = ResyncState.Learning;
    }

    /// <summary>Notes that a run begins.</summary>
    /// <returns>False if it is not the one that this lane has asked for, or has begun before.</returns>
    public bool NoteBegin(int lane, uint run, uint pass, ulong number, long expected, long nowMs)
    {
        lock (_lock)
        {
            LaneStudy study = _lanes[lane];
            if (!study.IsBusy || study.Run != run || study.Pass != 0)
                return false;
            study.NoteBegin(pass, number, expected, nowMs);
            _expected += expected;
        }

        Prompted?.Invoke(lane);
        return true;
    }

    /// <summary>What is told under an instance on a lane, if that is a run of ours.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="lesson">What is told.</param>
    /// <param name="sinceMs">When this director began to learn: what it has heard since is newer.</param>
    public bool TryFind(int lane, uint instance, out Lesson lesson, out long sinceMs)
    {
        lock (_lock)
        {
            (lesson, sinceMs) = (_lanes[lane].Lesson, _begunMs);
            return instance != 0 && _lanes[lane].Pass == instance;
        }
    }

    /// <summary>Notes what has come of a lane's run.</summary>
    public void NoteTrace(int lane, int entries, in RunTrace trace, long nowMs)
    {
        bool isUrgent;
        bool isOver;
        lock (_lock)
        {
            LaneStudy study = _lanes[lane];
            study.Entries += entries;
            _entries += entries;
            isUrgent = study.NoteTrace(trace, nowMs);
            isOver = PassIfWhole(study, nowMs);
        }

        Tell(lane, isUrgent, isOver);
    }

    /// <summary>Notes that a lane's run has ended.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="run">The run.</param>
    /// <param name="highest">The number of its last message with entries.</param>
    /// <param name="isPartial">Whether its teacher is not complete itself.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void NoteEnd(int lane, uint run, ulong highest, bool isPartial, long nowMs)
    {
        bool isOver;
        lock (_lock)
        {
            LaneStudy study = _lanes[lane];
            if (!study.IsBusy || study.Run != run)
                return;
            study.NoteEnd(highest);
            _isPartial |= isPartial && study.Lesson.IsRemembered && !_offers[study.Lesson.Teacher].IsStarting;
            isOver = PassIfWhole(study, nowMs);
        }

        Tell(lane, isUrgent: false, isOver);
    }

    /// <summary>Moves on what time alone moves.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="mayAsk">Whether peers can be asked now.</param>
    /// <param name="isInjected">Whether the kernel has all that was told.</param>
    /// <returns>What has changed; null if nothing has.</returns>
    public ResyncChange? Check(long nowMs, bool mayAsk, bool isInjected)
    {
        ResyncChange? change;
        bool asksNow = false;
        lock (_lock)
        {
            if (_state == ResyncState.Ready)
                return null;
            ResyncSnapshot before = Take(nowMs);
            Excuse(nowMs);
            if (_state == ResyncState.Asking)
                asksNow = Ask(nowMs, mayAsk);
            if (_state == ResyncState.Learning)
                Learn(nowMs);
            if (_state == ResyncState.Injecting && isInjected && before.State == ResyncState.Injecting)
                Finish(_isPartial ? ResyncOutcome.Partial : ResyncOutcome.Full, nowMs);
            bool isLate = !_isLate && _state != ResyncState.Ready && nowMs - _begunMs >= _options.TimeLimitMs;
            if (isLate)
                Open(ResyncOutcome.TimedOut);
            _isLate |= isLate;
            ResyncSnapshot now = Take(nowMs);
            change = now.State != before.State || now.IsOpen != before.IsOpen || isLate ? new ResyncChange(before, now, isLate) : null;
        }

        if (change is not null || asksNow)
            PromptAll();
        return change;
    }

    /// <summary>While this director or its machine stood still, it heard nobody: that time is no silence of the peers.</summary>
    private void Excuse(long nowMs)
    {
        long lateMs = nowMs - _checkedMs;
        _checkedMs = nowMs;
        if (lateMs <= FlowConstants.CheckMs)
            return;
        _askingMs = Math.Min(nowMs, _askingMs + lateMs);
        _offeredMs = Math.Min(nowMs, _offeredMs + lateMs);
        foreach (LaneStudy lane in _lanes)
            lane.Excuse(lateMs, nowMs);
    }

    private ResyncSnapshot Take(long nowMs) => new(
        _state, _reason, _outcome, _isOpen, TeacherNow(), _entries, Math.Max(_entries, _expected), (_state == ResyncState.Ready ? _endedMs : nowMs) - _begunMs,
        [.. _runs.OrderBy(run => run.Key).Select(run => new ResyncRuns(run.Key.Item1, run.Key.Item2, run.Value))]);

    private SourceAddress? TeacherNow()
    {
        LaneStudy? busy = Array.Find(_lanes, lane => lane.IsBusy);
        uint teacher = busy?.Lesson.Teacher ?? (_lessons.Count > 0 ? _lessons[0].Teacher : 0);
        return _offers.TryGetValue(teacher, out PeerOffer offer) ? offer.Source : null;
    }

    /// <returns>Whether the first question is due now.</returns>
    private bool Ask(long nowMs, bool mayAsk)
    {
        bool isFirst = mayAsk && !_mayAsk;
        _mayAsk = mayAsk;
        if (!mayAsk || isFirst)
            _askingMs = _helloDueMs = nowMs;
        if (_offers.Count > 0 && nowMs - _offeredMs >= (_offers.Values.Any(offer => offer.IsComplete) ? FlowConstants.OffersMs : FlowConstants.PoorOffersMs))
            Choose();
        if (_lessons.Count > 0)
            _state = ResyncState.Learning;
        else if (_offers.Values.Any(offer => offer.IsComplete) && nowMs - _offeredMs >= FlowConstants.OffersMs)
            Finish(ResyncOutcome.Full, nowMs);
        else if (nowMs - _askingMs >= _options.AloneAfterMs)
            Finish(ResyncOutcome.Alone, nowMs);
        return isFirst;
    }

    /// <summary>
    /// Each peer tells its own connections; the best one, what it remembers. Where all start at once, nobody knows more than that. Else one that is
    /// complete is needed.
    /// </summary>
    private void Choose()
    {
        foreach (PeerOffer offer in _offers.Values.Where(offer => offer.Own > 0))
            _lessons.Add(new Lesson(offer.Instance, IsRemembered: false));
        if (Best() is { Remembered: > 0 } best)
            _lessons.Add(new Lesson(best.Instance, IsRemembered: true));
        _isPartial = !_offers.Values.Any(offer => offer.IsComplete) && _offers.Values.Any(offer => !offer.IsStarting);
        // What is told on lanes that this director does not have is not heard.
        _isPartial |= _lessons.Exists(lesson => _offers[lesson.Teacher].Lanes > _lanes.Length);
    }

    private PeerOffer? Best() => _offers.Values
        .Where(offer => !_silent.Contains(offer.Instance))
        .OrderByDescending(offer => offer.IsComplete).ThenByDescending(offer => offer.Remembered).ThenBy(offer => offer.Instance)
        .Select(offer => (PeerOffer?)offer).FirstOrDefault();

    private void Learn(long nowMs)
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            LaneStudy study = _lanes[lane];
            if (study.IsBusy && nowMs - study.HeardMs >= FlowConstants.TeacherSilentMs)
                Leave(study.Lesson.Teacher);
            while (!study.IsBusy && study.Passed < _lessons.Count)
                BeginNext(lane, study, nowMs);
        }

        if (_lanes.All(study => !study.IsBusy && study.Passed == _lessons.Count))
            _state = ResyncState.Injecting;
    }

    private void BeginNext(int lane, LaneStudy study, long nowMs)
    {
        Lesson next = _lessons[study.Passed];
        if (_silent.Contains(next.Teacher) || lane >= _offers[next.Teacher].Lanes)
            study.Leave();
        else
            study.Begin(next, ++_run, nowMs);
    }

    /// <summary>A teacher has fallen silent: the next one tells what it remembers of it, and of all the others.</summary>
    private void Leave(uint teacher)
    {
        if (_silent.Add(teacher))
        {
            if (Best() is { } next)
                _lessons.Add(new Lesson(next.Instance, IsRemembered: true));
            else
                _isPartial = true;
        }

        foreach (LaneStudy study in _lanes)
        {
            if (study.IsBusy && study.Lesson.Teacher == teacher)
                study.Leave();
        }
    }

    private bool PassIfWhole(LaneStudy study, long nowMs)
    {
        if (!study.IsBusy || !study.IsWhole)
            return false;
        if (study.LacksSome)
            RepeatOnce(study.Lesson);
        study.End(nowMs);
        return true;
    }

    /// <summary>A run of which a part is lost for good is told once more.</summary>
    private void RepeatOnce(Lesson lesson)
    {
        if (_lessons.Count(known => known == lesson) < 2)
            _lessons.Add(lesson);
        else
            _isPartial = true;
    }

    private void Finish(ResyncOutcome outcome, long nowMs)
    {
        (_state, _endedMs) = (ResyncState.Ready, nowMs);
        Open(outcome);
    }

    private void Open(ResyncOutcome outcome)
    {
        (_outcome, _isOpen) = (outcome, true);
        _runs[(_reason, outcome)] = _runs.GetValueOrDefault((_reason, outcome)) + 1;
    }

    private void Tell(int lane, bool isUrgent, bool isOver)
    {
        if (isUrgent || isOver)
            Prompted?.Invoke(lane);
        if (isOver)
            Moved?.Invoke();
    }

    private void PromptAll()
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
            Prompted?.Invoke(lane);
    }
}
