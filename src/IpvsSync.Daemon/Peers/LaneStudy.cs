namespace IpvsSync.Daemon.Peers;

/// <summary>One lane of a director that learns: it goes through the lessons, one run each. Its learner's lock guards it.</summary>
internal sealed class LaneStudy
{
    /// <summary>Milliseconds after which a question is asked again; the last one for ever.</summary>
    private static readonly long[] s_askAgainMs = [20, 40, 80, 160];

    private bool _isAsking;
    private int _asked;
    private long _askDueMs;
    private long _creditDueMs;
    private ulong _credited;
    private ulong _ends;
    private bool _isEnded;
    private RunTrace _trace;
    private LessonCredit _farewell;
    private int _farewells;
    private long _farewellDueMs;

    /// <summary>Lessons that are over, well or not.</summary>
    public int Passed { get; private set; }

    /// <summary>Whether it learns one now.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The lesson under way.</summary>
    public Lesson Lesson { get; private set; }

    /// <summary>Its number.</summary>
    public uint Run { get; private set; }

    /// <summary>The instance under which it is told; 0 before it has begun.</summary>
    public uint Pass { get; private set; }

    /// <summary>When its teacher was heard last.</summary>
    public long HeardMs { get; private set; }

    /// <summary>Entries that have come of it.</summary>
    public long Entries { get; set; }

    /// <summary>Entries that it will have, as its teacher said.</summary>
    public long Expected { get; private set; }

    /// <summary>Begins with the first lesson again.</summary>
    public void Reset() => (Passed, IsBusy, Pass) = (0, false, 0);

    /// <summary>Begins a lesson.</summary>
    public void Begin(Lesson lesson, uint run, long nowMs)
    {
        (Lesson, Run, IsBusy, _isAsking, _isEnded) = (lesson, run, true, true, false);
        (Pass, Entries, Expected, _asked, _credited, _ends) = (0, 0, 0, 0, 0, 0);
        (_askDueMs, HeardMs, _trace) = (nowMs, nowMs, default);
    }

    /// <summary>Takes time in which nothing could be heard off the teacher's silence.</summary>
    public void Excuse(long lateMs, long nowMs) => HeardMs = Math.Min(nowMs, HeardMs + lateMs);

    /// <summary>Leaves the lesson as it is.</summary>
    public void Leave() => (Passed, IsBusy, Pass) = (Passed + 1, false, 0);

    /// <summary>When there is something to say; <see cref="long.MaxValue"/> if there is nothing.</summary>
    public long DueMs
    {
        get
        {
            long dueMs = _farewells > 0 ? _farewellDueMs : long.MaxValue;
            return IsBusy ? Math.Min(dueMs, _isAsking ? _askDueMs : _creditDueMs) : dueMs;
        }
    }

    /// <summary>Whether the question is to be asked now.</summary>
    public bool TakeAsk(long nowMs)
    {
        if (!IsBusy || !_isAsking || _askDueMs > nowMs)
            return false;
        _askDueMs = nowMs + s_askAgainMs[Math.Min(_asked++, s_askAgainMs.Length - 1)];
        return true;
    }

    /// <summary>Takes what is to be said of the run now.</summary>
    public bool TryTakeCredit(long nowMs, out LessonCredit credit)
    {
        credit = _farewell;
        if (_farewells > 0 && _farewellDueMs <= nowMs)
        {
            _farewells--;
            _farewellDueMs = nowMs + FlowConstants.CreditMs;
            return true;
        }

        if (!IsBusy || _isAsking || _creditDueMs > nowMs)
            return false;
        credit = new LessonCredit(Lesson.Teacher, Run, _trace.Highest, IsDone: false);
        (_creditDueMs, _credited) = (nowMs + FlowConstants.CreditMs, _trace.Highest);
        return true;
    }

    /// <summary>Notes that the run begins.</summary>
    public void NoteBegin(uint pass, ulong number, long expected, long nowMs)
    {
        (_isAsking, Pass, Expected, HeardMs, _creditDueMs) = (false, pass, expected, nowMs, nowMs);
        _trace = new RunTrace(number, 0, 0);
    }

    /// <summary>Notes what has come of the run.</summary>
    /// <returns>Whether something is to be said at once.</returns>
    public bool NoteTrace(in RunTrace trace, long nowMs)
    {
        (_trace, HeardMs) = (trace, nowMs);
        if (trace.Highest - _credited < FlowConstants.CreditMessages)
            return false;
        _creditDueMs = nowMs;
        return true;
    }

    /// <summary>Notes that the run has ended.</summary>
    public void NoteEnd(ulong highest) => (_isEnded, _ends) = (true, highest);

    /// <summary>Whether all of it has come, or will not come any more.</summary>
    public bool IsWhole => _isEnded && _trace.Open == 0 && _trace.Highest >= _ends;

    /// <summary>Whether a part of it will not come any more.</summary>
    public bool LacksSome => _trace.Missing > 0;

    /// <summary>Ends the lesson, and tells the teacher so a few times.</summary>
    public void End(long nowMs)
    {
        _farewell = new LessonCredit(Lesson.Teacher, Run, _trace.Highest, IsDone: true);
        (_farewells, _farewellDueMs) = (FlowConstants.Farewells, nowMs);
        Leave();
    }
}
