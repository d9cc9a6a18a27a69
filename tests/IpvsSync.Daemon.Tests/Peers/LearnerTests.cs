using System.Net;
using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>What a learner asks, and when its gate opens, on a clock of the test.</summary>
public sealed class LearnerTests
{
    private const uint One = 0xA1;
    private const uint Two = 0xA2;
    private const long AloneAfterMs = 2000;
    private const long TimeLimitMs = 60_000;

    private readonly Learner _learner = new(new LearnerOptions(Lanes: 1, AloneAfterMs, TimeLimitMs));
    private readonly List<ResyncChange> _changes = [];
    private long _nowMs = 1;
    private bool _mayAsk = true;
    private bool _isInjected = true;

    [Fact]
    public void Begin_GateIsClosedUntilSomethingIsKnown()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Assert.Equal((ResyncState.Asking, false, null), Now);
        Assert.False(_learner.TakeHello(0, _nowMs));
        Pass(5);
        Assert.True(_learner.TakeHello(0, _nowMs));
        Assert.False(_learner.TakeHello(0, _nowMs));
    }

    [Fact]
    public void Check_NobodyAnswers_OpensAloneAfterTheTime()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(AloneAfterMs - 2);
        Assert.False(_learner.Snapshot(_nowMs).IsOpen);
        Pass(10);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Alone), Now);
    }

    [Fact]
    public void Check_MayAskLater_TheTimeBeginsThen()
    {
        _mayAsk = false;
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(10_000);
        _mayAsk = true;
        Pass(AloneAfterMs - 20);
        Assert.False(_learner.Snapshot(_nowMs).IsOpen);
        Pass(40);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Alone), Now);
    }

    [Fact]
    public void Begin_Kept_OpensAtOnceAndLearnsBehind()
    {
        _learner.Begin(ResyncReason.Start, _nowMs, isKept: true);
        Assert.Equal((ResyncState.Asking, true, ResyncOutcome.Kept), Now);
        Offer(One, isComplete: true, own: 10);
        Teach(One);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    /// <summary>A peer whose answers were lost is asked still: else what it alone knows is never told, and the outcome is full all the same.</summary>
    [Fact]
    public void TakeHello_OneHasAnswered_TheOthersAreAskedForAsLongAsTheyMayAnswer()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(5);
        Offer(One, isComplete: true, own: 10);
        Teach(One);
        Assert.Equal(ResyncState.Ready, Now.State);
        int asked = 0;
        for (; _nowMs < AloneAfterMs + 50; Pass(5))
            asked += _learner.TakeHello(0, _nowMs) ? 1 : 0;
        Assert.InRange(asked, 5, 15);
        Offer(Two, isComplete: true, own: 10);
        Pass(5);
        Assert.Equal(ResyncState.Ready, Now.State);

        while (_learner.TryTakeCredit(0, _nowMs, out _))
            Pass(50);
        Assert.Equal(long.MaxValue, _learner.DueMs(0));
        Assert.False(_learner.TakeHello(0, _nowMs));
    }

    [Fact]
    public void TakeHello_FromOnePeerThatHasAnswered_NobodyElseIsAsked()
    {
        _learner.Begin(ResyncReason.Operator, _nowMs, from: Two);
        Offer(Two, isComplete: true, own: 10);
        Teach(Two);
        Pass(500);
        Assert.False(_learner.TakeHello(0, _nowMs));
    }

    [Fact]
    public void Check_CompletePeer_TellsItsOwnAndWhatItRemembers()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10, remembered: 5);
        Assert.False(Teach(One));
        Assert.True(Teach(One));
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void Check_TwoPeers_TheCompleteOneTellsWhatItRemembers()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: false, own: 10, remembered: 1000);
        Offer(Two, isComplete: true, own: 10, remembered: 5);
        List<Lesson> lessons = [];
        for (int times = 0; times < 3; times++)
        {
            lessons.Add(Ask().Lesson);
            End(isPartial: lessons[^1].Teacher == One);
        }

        Assert.Equal(new Lesson(Two, IsRemembered: true), lessons[2]);
        Assert.Equal(ResyncOutcome.Full, _learner.Snapshot(_nowMs).Outcome);
    }

    [Fact]
    public void Check_NoPeerIsComplete_EndsPartially()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: false, own: 10);
        Pass(FlowConstants.PoorOffersMs);
        Teach(One);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Partial), Now);
        Assert.False(_learner.IsComplete);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public void Check_TeacherHasMoreLanes_EndsPartially(int lanes, bool isPartial)
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10, lanes: lanes);
        Teach(One);
        Assert.Equal((ResyncState.Ready, true, isPartial ? ResyncOutcome.Partial : ResyncOutcome.Full), Now);
    }

    [Fact]
    public void Check_AllStartAtOnce_NobodyKnowsMore()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: false, own: 10, isStarting: true);
        Pass(FlowConstants.PoorOffersMs);
        Teach(One);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void Check_TeacherFallsSilent_TheNextOneTellsWhatItRemembers()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Offer(Two, isComplete: true, own: 0, remembered: 10);
        Assert.Equal(new Lesson(One, IsRemembered: false), Ask().Lesson);
        Pass(FlowConstants.TeacherSilentMs);

        LessonQuestion question = Ask();

        Assert.Equal(new Lesson(Two, IsRemembered: true), question.Lesson);
    }

    [Fact]
    public void Check_OnlyTeacherFallsSilent_EndsPartially()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        Pass(FlowConstants.TeacherSilentMs + 100);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Partial), Now);
    }

    [Fact]
    public void Check_StoodStillWhileATeacherTells_ItsSilenceBeginsThen()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        StandStill();
        Assert.Equal((ResyncState.Learning, false, null), Now);
        Pass(FlowConstants.TeacherSilentMs + 100);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Partial), Now);
    }

    [Fact]
    public void Check_StoodStillWhileItAsks_TheTimeToAnswerBeginsThen()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(10);
        StandStill();
        Pass(AloneAfterMs / 2);
        Assert.Equal((ResyncState.Asking, false, null), Now);
        Pass(AloneAfterMs);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Alone), Now);
    }

    [Fact]
    public void Check_StoodStillAfterAnOffer_WaitsForTheOthers()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 0);
        StandStill();
        Assert.Equal(ResyncState.Asking, _learner.Snapshot(_nowMs).State);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void NoteOffer_OthersAreChosen_TellsItsOwnToo(long own)
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own);
        if (own > 0)
            Ask();
        Pass(FlowConstants.OffersMs + 10);
        Offer(Two, isComplete: true, own: 20);
        if (own > 0)
            End(isPartial: false);
        Assert.Equal(new Lesson(Two, IsRemembered: false), Ask().Lesson);
        End(isPartial: false);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
        Offer(Two, isComplete: true, own: 20);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void NoteOffer_TeacherDiesAfterwards_TheLateOneTellsWhatItRemembers()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        Offer(Two, isComplete: true, own: 0);
        Pass(FlowConstants.TeacherSilentMs);
        Assert.Equal(new Lesson(Two, IsRemembered: true), Ask().Lesson);
    }

    [Fact]
    public void NoteOffer_AfterTheTimeToAnswer_IsNotTaken()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Teach(One);
        Pass(AloneAfterMs);
        Offer(Two, isComplete: true, own: 10);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void Check_TimeLimit_OpensLoudlyAndGoesOn()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        for (long ms = 0; ms < TimeLimitMs; ms += 500)
        {
            _learner.NoteTrace(0, entries: 0, new RunTrace(5, Open: 1, Missing: 0), _nowMs);
            Pass(500);
        }

        Assert.Contains(_changes, change => change.HasTimedOut);
        Assert.Equal((ResyncState.Learning, true, ResyncOutcome.TimedOut), Now);
        End(isPartial: false);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void NoteEnd_NumbersAreOpen_IsNotTheEnd()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        LessonQuestion question = Ask();
        _learner.NoteTrace(0, entries: 10, new RunTrace(9, Open: 1, Missing: 0), _nowMs);
        _learner.NoteEnd(0, question.Run, highest: 8, isPartial: false, _nowMs);
        Pass(100);
        Assert.Equal(ResyncState.Learning, _learner.Snapshot(_nowMs).State);

        _learner.NoteTrace(0, entries: 1, new RunTrace(9, Open: 0, Missing: 0), _nowMs);
        Pass(100);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void NoteTrace_PartIsLostForGood_TheRunIsAskedForOnceMore()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        End(isPartial: false, missing: 1);
        Assert.Equal(new Lesson(One, IsRemembered: false), Ask().Lesson);
        End(isPartial: false, missing: 1);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Partial), Now);
    }

    [Fact]
    public void Check_KernelIsBehind_WaitsForIt()
    {
        _isInjected = false;
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Teach(One);
        Assert.Equal((ResyncState.Injecting, false, null), Now);
        _isInjected = true;
        Pass(10);
        Assert.Equal((ResyncState.Ready, true, ResyncOutcome.Full), Now);
    }

    [Fact]
    public void Begin_GateIsOpen_StaysOpen()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(AloneAfterMs + 10);
        _learner.Begin(ResyncReason.Operator, _nowMs);
        Assert.Equal((ResyncState.Asking, true, ResyncOutcome.Alone), Now);
    }

    [Fact]
    public void Begin_FromOnePeer_TakesNoOtherOffer()
    {
        _learner.Begin(ResyncReason.Operator, _nowMs, from: Two);
        Offer(One, isComplete: true, own: 10);
        Offer(Two, isComplete: true, own: 10);
        Assert.Equal(Two, Ask().Lesson.Teacher);
    }

    [Fact]
    public void NoteBegin_AnotherRun_IsNotTaken()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Pass(FlowConstants.OffersMs);
        Assert.True(_learner.TryTakeAsk(0, _nowMs, out LessonQuestion question));
        Assert.False(_learner.NoteBegin(0, question.Run + 1, pass: 0xF1, number: 1, expected: 10, _nowMs));
        Assert.False(_learner.TryFind(0, 0xF1, out _, out _));
    }

    [Fact]
    public void Snapshot_Runs_AreCountedByReasonAndOutcome()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Pass(AloneAfterMs + 10);
        _learner.Begin(ResyncReason.Operator, _nowMs);
        Pass(AloneAfterMs + 10);
        _learner.Begin(ResyncReason.Operator, _nowMs);
        Pass(AloneAfterMs + 10);
        Assert.Equal(
            [new ResyncRuns(ResyncReason.Start, ResyncOutcome.Alone, 1), new ResyncRuns(ResyncReason.Operator, ResyncOutcome.Alone, 2)],
            _learner.Snapshot(_nowMs).Runs);
    }

    /// <summary>A teacher waits for whoever goes on to say how far it is, and others with it.</summary>
    [Fact]
    public void Skip_WhileLearning_SaysNoMore()
    {
        _learner.Begin(ResyncReason.Start, _nowMs);
        Offer(One, isComplete: true, own: 10);
        Ask();
        _learner.Skip(_nowMs);
        Pass(1000);

        Assert.Equal(long.MaxValue, _learner.DueMs(0));
        Assert.False(_learner.TryTakeCredit(0, _nowMs, out _));
    }

    private (ResyncState State, bool IsOpen, ResyncOutcome? Outcome) Now
    {
        get
        {
            ResyncSnapshot now = _learner.Snapshot(_nowMs);
            return (now.State, now.IsOpen, now.Outcome);
        }
    }

    private void Pass(long ms)
    {
        for (long end = _nowMs + ms; _nowMs < end;)
        {
            _nowMs = Math.Min(end, _nowMs + 5);
            if (_learner.Check(_nowMs, _mayAsk, _isInjected) is { } change)
                _changes.Add(change);
        }
    }

    /// <summary>The machine stands still for longer than any time to wait.</summary>
    private void StandStill()
    {
        _nowMs += TimeLimitMs / 2;
        Pass(5);
    }

    private void Offer(uint instance, bool isComplete, long own, long remembered = 0, bool isStarting = false, int lanes = 1)
        => _learner.NoteOffer(new PeerOffer(instance, SourceAddress.From(IPAddress.Loopback), isComplete, isStarting, own, remembered, lanes), _nowMs);

    /// <summary>Waits for the next question, and begins its run.</summary>
    private LessonQuestion Ask()
    {
        Pass(FlowConstants.OffersMs + 10);
        Assert.True(_learner.TryTakeAsk(0, _nowMs, out LessonQuestion question));
        Assert.True(_learner.NoteBegin(0, question.Run, pass: 0xF0 + question.Run, number: 1, expected: 10, _nowMs));
        return question;
    }

    /// <summary>The run under way ends whole.</summary>
    private void End(bool isPartial, long missing = 0)
    {
        uint run = 1;
        _learner.NoteTrace(0, entries: 10, new RunTrace(9, Open: 0, missing), _nowMs);
        for (; run < 10; run++)
            _learner.NoteEnd(0, run, highest: 8, isPartial, _nowMs);
        Pass(50);
    }

    /// <summary>A peer tells its next run.</summary>
    /// <returns>Whether that was what it remembers.</returns>
    private bool Teach(uint teacher)
    {
        LessonQuestion question = Ask();
        Assert.Equal(teacher, question.Lesson.Teacher);
        End(isPartial: false);
        return question.Lesson.IsRemembered;
    }
}
