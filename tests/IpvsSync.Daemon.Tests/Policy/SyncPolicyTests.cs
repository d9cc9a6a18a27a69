using FsCheck.Xunit;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class SyncPolicyTests
{
    private const int SeedsPerRun = 200;
    private const int CasesPerSeed = 100;

    [Property(MaxTest = SeedsPerRun, QuietOnSuccess = true)]
    public void Decide_Anything_IsWhatTheDecisionTableSays(int seed) => ForEach(seed, @case =>
        Assert.True(DecisionTable.IsSent(@case) == @case.Decide(out _).IsSend(), @case.ToString()));

    [Property(MaxTest = SeedsPerRun, QuietOnSuccess = true)]
    public void Decide_Anything_RemembersWhatIsSentAndNothingElse(int seed) => ForEach(seed, @case =>
    {
        SyncVerdict verdict = @case.Decide(out SyncMemory memory);
        if (!verdict.IsSend())
        {
            Assert.Equal(@case.Memory, memory);
            return;
        }

        long retries = verdict == SyncVerdict.Retry ? (@case.Memory.EndTime % 4) + 1 : 0;
        long end = @case.Now + @case.Facts.Timeout;
        Assert.Equal(new SyncMemory(end - (end % 4) + retries, @case.Facts.State), memory);
    });

    [Property(MaxTest = SeedsPerRun, QuietOnSuccess = true)]
    public void Decide_ClockThatWrapsAround_MakesNoDifference(int seed) => ForEach(seed, @case =>
    {
        long shift = (long.MaxValue - @case.Now) & ~3L; // what is later than now wraps
        DecisionCase late = @case with { Now = @case.Now + shift, Memory = @case.Memory with { EndTime = @case.Memory.EndTime + shift } };

        Assert.Equal(@case.Decide(out SyncMemory memory), late.Decide(out SyncMemory lateMemory));
        if (memory != @case.Memory)
            Assert.Equal(memory with { EndTime = memory.EndTime + shift }, lateMemory);
    });

    [Theory]
    [InlineData(SyncVersion.V0, SyncVerdict.NotIPv4)]
    [InlineData(SyncVersion.V1, SyncVerdict.PacketRule)]
    internal void Decide_IPv6_IsForVersion1Only(SyncVersion version, SyncVerdict expected)
    {
        SyncFacts facts = new() { Family = IpFamily.IPv6, Protocol = IpProtocol.Udp, Timeout = 300_000 };
        SyncMemory memory = default;

        Assert.Equal(expected, SyncPolicy.Decide(facts, 3, 1_000_003, new SyncSettings { Version = version }, ref memory));
    }

    [Fact]
    public void Decide_OnePacket_IsNeverSent()
    {
        SyncFacts facts = new() { Family = IpFamily.IPv4, Protocol = IpProtocol.Udp, IsOnePacket = true, Timeout = 300_000 };
        SyncMemory memory = default;

        Assert.Equal(SyncVerdict.OnePacket, SyncPolicy.Decide(facts, 3, 1_000_003, new SyncSettings(), ref memory));
    }

    [Fact]
    public void Decide_RetryWithoutPeriod_LeavesAtOnceAndRestartsItsClock()
    {
        SyncFacts facts = new() { Family = IpFamily.IPv4, Protocol = IpProtocol.Tcp, State = 1, Timeout = 900_000 };
        SyncSettings settings = new() { Period = 0, RefreshTicks = 400_000, Retries = 2 };
        SyncMemory memory = new(5_000_000 + 900_000, 1); // sent at 5000 s

        Assert.Equal(SyncVerdict.RetryTooEarly, At(49));
        Assert.Equal(SyncVerdict.Retry, At(50));
        Assert.Equal(SyncVerdict.RetryTooEarly, At(99));
        Assert.Equal(SyncVerdict.Retry, At(101));
        Assert.Equal(SyncVerdict.RecentlySent, At(152));
        Assert.Equal(SyncVerdict.Refresh, At(502));

        SyncVerdict At(int seconds) => SyncPolicy.Decide(facts, 1, 5_000_000 + (seconds * 1000), settings, ref memory);
    }

    private static void ForEach(int seed, Action<DecisionCase> check)
    {
        Random random = new(seed);
        for (int i = 0; i < CasesPerSeed; i++)
            check(DecisionCase.Random(random));
    }
}
