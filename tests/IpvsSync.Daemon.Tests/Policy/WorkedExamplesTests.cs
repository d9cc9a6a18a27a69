using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Daemon.Policy.SyncVerdict;

namespace IpvsSync.Daemon.Tests.Policy;

/// <summary>The 27 worked examples of spec §4.7, each under its number.</summary>
public sealed class WorkedExamplesTests
{
    private static readonly SyncSettings _once = new() { Period = 0 };

    private static readonly WorkedExample _retry = new(Retry)
    {
        State = 1, SentState = 1, Refresh = 400, Settings = new() { Retries = 2 }, SentAgo = 60, Packets = 53, RetriesAfter = 1,
    };

    private static readonly WorkedExample _silent = new(Refresh)
    {
        State = 1, SentState = 1, Refresh = 1000, Settings = _once, SentAgo = 451, Packets = 57,
    };

    private static readonly WorkedExample _template = new(Refresh)
    {
        Protocol = IpProtocol.Udp, IsTemplate = true, Refresh = 300, Timeout = 360, SentAgo = 181, Packets = 4,
    };

    private static readonly Dictionary<int, WorkedExample> _examples = new()
    {
        [1] = new(PacketRule) { State = 1, Packets = 3 },
        [2] = new(OutsidePacketRule) { State = 1, Packets = 2 },
        [3] = new(PacketRule) { State = 1, SentState = 1, SentAgo = 10, Packets = 53 },
        [4] = new(StateNotSent) { State = 3, Timeout = 60, Packets = 3 },
        [5] = new(StateChange) { State = 4, SentState = 1, Timeout = 120, Packets = 17 },
        [6] = new(OutsidePacketRule) { State = 4, SentState = 4, Timeout = 120, Packets = 18 },
        [7] = new(StateNotSent) { State = 8, SentState = 7, Timeout = 30, Packets = 53 },
        [8] = new(StateChange) { Protocol = IpProtocol.Sctp, State = 10, SentState = 8, Timeout = 61, Packets = 9 },
        [9] = new(PacketRule) { Protocol = IpProtocol.Udp, Timeout = 300, Packets = 3 },
        [10] = new(OutsidePacketRule) { Protocol = IpProtocol.Udp, Timeout = 300, Packets = 4 },
        [11] = _template with { Verdict = Template, Refresh = 0 },
        [12] = _template with { Verdict = RecentlySent, SentAgo = 20 },
        [13] = _template,
        [14] = _retry,
        [15] = _retry with { Verdict = RetryTooEarly, SentAgo = 40 },
        [16] = _retry with { Verdict = RecentlySent, RetriesDone = 2 },
        [17] = _silent,
        [18] = _silent with { Verdict = RecentlySent, SentAgo = 449 },
        [19] = new(Threshold) { State = 1, Packets = 3, Settings = _once },
        [20] = new(OutsideThreshold) { State = 1, SentState = 1, Packets = 53, Settings = _once },
        [21] = new(UnderTemplate) { State = 1, IsUnderTemplate = true, Packets = 3, Settings = new() { PersistMode = true } },
        [22] = new(PacketRule) { State = 1, SentState = 1, SentAgo = 1, Packets = 3 },
        [23] = new(RecentlySent) { State = 6, SentState = 6, Refresh = 400, Timeout = 10, SentAgo = 3, Packets = 3 },
        [24] = new(PacketRule) { State = 1, Refresh = 400, Packets = 3 },
        [25] = new(PacketRule) { State = 4, SentState = 4, Timeout = 60, SentAgo = 60, Packets = 3 },
        [26] = _template with { Verdict = OutsideThreshold, Refresh = 0, Settings = _once },
        [27] = _retry with { Verdict = OutsidePacketRule, Packets = 54 },
    };

    public static TheoryData<int> Numbers => [.. _examples.Keys];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Decide_WorkedExample_IsAsWorked(int number) => _examples[number].Check();

    [Fact]
    public void Decide_ClosingByTheOtherWay_IsAStateChangeToo()
        => (_examples[5] with { State = 7, Timeout = 60 }).Check();

    [Fact]
    public void Decide_FreshRecordWithAVeryShortTimeout_IsTakenForRecentlySent() // the trap of example 24
        => (_examples[24] with { Protocol = IpProtocol.Udp, State = 0, Timeout = 5, Verdict = RecentlySent }).Check();
}
