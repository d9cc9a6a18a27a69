using System.Net;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>Who shares a run, and how those that do not learn know it; the lane's peers are the test.</summary>
public sealed class LaneTeacherTests
{
    private const uint One = 0xC1;
    private const uint Two = 0xC2;

    private readonly SpokenLane _lane = new(new OwnerSums());

    [Fact]
    public void Ask_TwoAskForTheSame_ShareARun()
    {
        Ask(One, isRemembered: true, nowMs: 100);
        Ask(Two, isRemembered: true, nowMs: 120);
        Assert.Single(Begins(nowMs: 130).Distinct());
    }

    /// <summary>A run under way leaves out what was of a living peer when it began. Who asks after that peer's death is to be told that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ask_PeerHasDiedSinceTheRunBegan_IsToldInARunOfItsOwn(bool isRemembered)
    {
        _lane.Extensions.Windows.Announce(new Trailer(0xD1, Number: 0, KeyId: 0, TrailerType.Unsigned), highest: 5, Address(9), nowMs: 100);
        Ask(One, isRemembered, nowMs: 200);
        Begins(nowMs: 210);
        long laterMs = 100 + FlowConstants.RememberAfterMs + 1;
        Ask(Two, isRemembered, laterMs);
        _lane.Extensions.Teacher.Credit(One, number: 1, highest: 1, isDone: false, laterMs);
        Assert.Equal(isRemembered ? 2 : 1, Begins(laterMs).Concat(Begins(laterMs + 20)).Distinct().Count());
    }

    /// <summary>One that has missed the only BEGIN would take the run for news of a peer.</summary>
    [Fact]
    public void Speak_RunIsLong_BeginIsSaidAllAlong()
    {
        Ask(One, isRemembered: false, nowMs: 100);
        Begins(nowMs: 100);
        int begins = 0;
        int bulk = 0;
        for (long nowMs = 101; nowMs <= 101 + (10 * FlowConstants.RunBeatMs); nowMs++)
        {
            _lane.Extensions.Teacher.Credit(One, number: 1, highest: (ulong)(1 + begins + bulk), isDone: false, nowMs);
            List<(ControlKind? Kind, uint Instance)> said = _lane.Speak(nowMs);
            begins += said.Count(message => message.Kind == ControlKind.Begin);
            bulk += said.Count(message => message.Kind is null);
        }

        Assert.Equal(10, begins);
        Assert.True(bulk > 100);
    }

    /// <summary>Each living peer that asks for what is remembered has a run of its own.</summary>
    [Fact]
    public void Speak_MoreRunsThanMessages_EachIsToldInTurn()
    {
        uint[] peers = [.. Enumerable.Range(1, FlowConstants.MaxRuns).Select(number => 0xC0 + (uint)number)];
        foreach (uint peer in peers)
            _lane.Extensions.Windows.Announce(new Trailer(peer, Number: 0, KeyId: 0, TrailerType.Unsigned), highest: 5, Address((int)(peer & 0xF)), nowMs: 100);
        foreach (uint peer in peers)
            Ask(peer, isRemembered: true, nowMs: 100);
        HashSet<uint> told = [];
        for (long nowMs = 101; nowMs < 120; nowMs++)
        {
            foreach (uint peer in peers)
                _lane.Extensions.Teacher.Credit(peer, number: 1, highest: 1, isDone: false, nowMs);
            told.UnionWith(_lane.Speak(nowMs).Where(message => message.Kind is null).Select(message => message.Instance));
        }

        Assert.Equal(peers.Length, told.Count);
    }

    /// <summary>One that says that it is there, and takes nothing, holds up those that learn with it for some seconds only.</summary>
    [Fact]
    public void Speak_OneTakesNothing_TheOtherIsToldOn()
    {
        Ask(One, isRemembered: false, nowMs: 100);
        Ask(Two, isRemembered: false, nowMs: 100);
        ulong said = 0;
        long lastMs = 0;
        for (long nowMs = 101; nowMs < 100 + (3 * FlowConstants.LearnerSilentMs); nowMs += 5)
        {
            List<(ControlKind? Kind, uint Instance)> messages = _lane.Speak(nowMs);
            said += (ulong)messages.Count;
            if (messages.Exists(message => message.Kind is null))
                lastMs = nowMs;
            _lane.Extensions.Teacher.Credit(One, number: 1, highest: 1, isDone: false, nowMs);
            _lane.Extensions.Teacher.Credit(Two, number: 1, said, isDone: false, nowMs);
        }

        Assert.InRange(lastMs, 2 * FlowConstants.LearnerSilentMs, long.MaxValue);
    }

    private static SourceAddress Address(int number) => SourceAddress.From(IPAddress.Parse($"192.0.2.{number}"));

    private void Ask(uint peer, bool isRemembered, long nowMs)
        => _lane.Extensions.Teacher.Ask(peer, Address((int)(peer & 0xF)), number: 1, isRemembered, window: 128, nowMs);

    /// <summary>The runs that are said to begin.</summary>
    private List<uint> Begins(long nowMs) => [.. _lane.Speak(nowMs).Where(message => message.Kind == ControlKind.Begin).Select(message => message.Instance)];
}
