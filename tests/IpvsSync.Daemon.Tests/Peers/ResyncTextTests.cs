using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Peers;

public sealed class ResyncTextTests
{
    private static readonly ResyncSnapshot s_start = new(
        ResyncState.Asking, ResyncReason.Start, Outcome: null, IsOpen: false, Teacher: null, Entries: 0, Expected: 0, ElapsedMs: 0, Runs: []);

    private static readonly ResyncSnapshot s_learning = s_start with
    {
        State = ResyncState.Learning,
        Teacher = SourceAddress.From(new System.Net.IPAddress([192, 0, 2, 2])),
        Entries = 1234,
        Expected = 9876,
        ElapsedMs = 449,
    };

    private static readonly ResyncSnapshot s_full = s_learning with { State = ResyncState.Ready, Outcome = ResyncOutcome.Full, IsOpen = true, Entries = 9876 };

    [Fact]
    public void Line_WhileTheGateIsClosed_SaysHowFarItIs()
    {
        Assert.Equal("not ready: asking the peers for 0.4 s", ResyncText.Line(s_start with { ElapsedMs = 449 }));
        Assert.Equal("not ready: learning 1,234 of 9,876 connections from 192.0.2.2", ResyncText.Line(s_learning));
        Assert.Equal("not ready: learning 0 connections from 192.0.2.2", ResyncText.Line(s_learning with { Entries = 0, Expected = 0 }));
        Assert.Equal(
            "not ready: learnt 9,876 connections from 192.0.2.2, the kernel takes them", ResyncText.Line(s_learning with { State = ResyncState.Injecting, Entries = 9876 }));
    }

    [Theory]
    [InlineData((int)ResyncOutcome.Full, "full, learnt 9,876 connections from 192.0.2.2 in 0.4 s")]
    [InlineData((int)ResyncOutcome.Partial, "partial, learnt 9,876 connections from 192.0.2.2 in 0.4 s; no peer knew all of them")]
    [InlineData((int)ResyncOutcome.Alone, "alone, no peer has answered within 0.4 s")]
    [InlineData((int)ResyncOutcome.TimedOut, "timed out, learnt 9,876 of 12,000 connections from 192.0.2.2 in 0.4 s")]
    [InlineData((int)ResyncOutcome.Kept, "kept, the kernel still has the connections")]
    [InlineData((int)ResyncOutcome.Off, "off, there is nothing to learn: the role is Master, or Extensions is off")]
    public void Line_Ready_SaysHowItEnded(int outcome, string expected)
        => Assert.Equal($"ready: {expected}", ResyncText.Line(s_full with { Outcome = (ResyncOutcome)outcome, Expected = 12_000 }));

    [Theory]
    [InlineData((int)ResyncReason.Start, (int)ResyncOutcome.Kept, " (start; before: kept)")]
    [InlineData((int)ResyncReason.PeerReturned, (int)ResyncOutcome.Alone, " (peer returned; before: alone)")]
    [InlineData((int)ResyncReason.Operator, (int)ResyncOutcome.Full, " (operator; before: full)")]
    public void Line_LearnsBehindTheOpenGate_SaysWhyAndWhatWas(int reason, int before, string expected) => Assert.Equal(
        $"ready: learning 1,234 of 9,876 connections from 192.0.2.2{expected}",
        ResyncText.Line(s_learning with { IsOpen = true, Reason = (ResyncReason)reason, Outcome = (ResyncOutcome)before }));

    [Fact]
    public void Line_TeacherIsGone_LeavesItOut()
        => Assert.Equal("ready: full, learnt 9,876 connections in 61.0 s", ResyncText.Line(s_full with { Teacher = null, ElapsedMs = 61_000 }));

    [Fact]
    public void Name_EachValue_IsItsOwn()
    {
        Assert.Equal(4, Enum.GetValues<ResyncState>().Select(ResyncText.Name).Distinct().Count());
        Assert.Equal(6, Enum.GetValues<ResyncReason>().Select(ResyncText.Name).Distinct().Count());
        Assert.Equal(6, Enum.GetValues<ResyncOutcome>().Select(ResyncText.Name).Distinct().Count());
    }
}
