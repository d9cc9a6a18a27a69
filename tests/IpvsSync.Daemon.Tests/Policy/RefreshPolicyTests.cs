using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class RefreshPolicyTests
{
    private const long Start = 5_000_000;
    private const long Timeout = 900_000;

    private SentState _memory;

    [Fact]
    public void Decide_NeverTold_IsNews() => Assert.Equal(SendDecision.News, Decide(0, isNews: false));

    [Fact]
    public void Decide_Changed_IsNewsAtAnyTime()
    {
        Decide(0, isNews: true);
        Assert.Equal(SendDecision.News, Decide(1, isNews: true));
    }

    [Theory]
    [InlineData(60, 0, 59_999, SendDecision.Postponed)]
    [InlineData(60, 0, 60_000, SendDecision.Refresh)]
    [InlineData(60, 1, 7_499, SendDecision.Postponed)]
    [InlineData(60, 1, 7_500, SendDecision.Retry)]
    [InlineData(1000, 0, 449_999, SendDecision.Postponed)]
    [InlineData(1000, 0, 450_000, SendDecision.Refresh)]
    [InlineData(0, 0, 7_499, SendDecision.Postponed)]
    [InlineData(0, 0, 7_500, SendDecision.Retry)]
    [InlineData(0, 0, 60_000, SendDecision.Refresh)]
    public void Decide_Unchanged_FollowsPeriodHalfTimeoutAndRetries(int period, int retries, long afterMs, object expected)
    {
        var settings = RefreshSettings.For(period, retries);
        Decide(0, isNews: true, settings);
        Assert.Equal(expected, Decide(afterMs, isNews: false, settings));
    }

    [Fact]
    public void Decide_TimeoutBelowTenSeconds_IsRefreshedAtItsHalf()
    {
        var settings = RefreshSettings.For(60, 0);
        RefreshPolicy.Decide(true, 5000, Start, settings, ref _memory);
        Assert.Equal(SendDecision.Postponed, RefreshPolicy.Decide(false, 5000, Start + 2499, settings, ref _memory));
        Assert.Equal(SendDecision.Refresh, RefreshPolicy.Decide(false, 5000, Start + 2500, settings, ref _memory));
    }

    [Fact]
    public void Decide_Retries_AreCountedFromTheMessageBeforeAndEndAtTheirNumber()
    {
        var settings = RefreshSettings.For(80, 2);
        Decide(0, isNews: true, settings);
        Assert.Equal(SendDecision.Retry, Decide(12_000, isNews: false, settings));
        Assert.Equal(SendDecision.Postponed, Decide(21_000, isNews: false, settings));
        Assert.Equal(SendDecision.Retry, Decide(22_000, isNews: false, settings));
        Assert.Equal(SendDecision.Postponed, Decide(101_000, isNews: false, settings));
        Assert.Equal(SendDecision.Refresh, Decide(102_000, isNews: false, settings));
        Assert.Equal(SendDecision.Retry, Decide(112_000, isNews: false, settings));
    }

    [Fact]
    public void IsDue_Postponed_WhenItsWindowEndsAndOnlyOnce()
    {
        var settings = RefreshSettings.For(60, 0);
        Decide(0, isNews: true, settings);
        Decide(50_000, isNews: false, settings);

        Assert.False(RefreshPolicy.IsDue(Timeout, Start + 59_999, settings, _memory));
        Assert.True(RefreshPolicy.IsDue(Timeout, Start + 60_000, settings, _memory));
        RefreshPolicy.NoteSent(Start + 60_000, ref _memory);
        Assert.False(RefreshPolicy.IsDue(Timeout, Start + 200_000, settings, _memory));
    }

    [Fact]
    public void IsDue_NotHeardOfSince_Never()
    {
        var settings = RefreshSettings.For(60, 0);
        Decide(0, isNews: true, settings);
        Assert.False(RefreshPolicy.IsDue(Timeout, Start + 800_000, settings, _memory));
    }

    /// <summary>The promise: as long as a connection lives on the master, its entry on a backup does.</summary>
    [Theory]
    [InlineData(60, 1, 900)]
    [InlineData(1000, 0, 900)]
    [InlineData(0, 0, 360)]
    [InlineData(3, 3, 10)]
    [InlineData(60, 0, 5)]
    public void DecideAndSettle_AnyTraffic_NoBackupTimerEndsBeforeTheConnections(int period, int retries, int timeoutSeconds)
    {
        var random = new Random(period + timeoutSeconds);
        var settings = RefreshSettings.For(period, retries);
        long timeout = timeoutSeconds * 1000L;
        for (int trial = 0; trial < 20; trial++)
        {
            long now = Start, heard = Start, backupEnds = Start + timeout;
            var memory = default(SentState);
            RefreshPolicy.Decide(true, timeout, now, settings, ref memory);
            for (int step = 0; step < 200; step++)
            {
                long next = heard + (long)(random.NextDouble() * random.NextDouble() * timeout);
                while (now + 1000 < next)
                    Sweep(ref now, ref backupEnds, ref memory);
                now = heard = next;
                Assert.True(backupEnds > now, $"the backup's entry ended at {backupEnds}, and a packet came at {now}");
                if (RefreshPolicy.Decide(false, timeout, now, settings, ref memory) != SendDecision.Postponed)
                    backupEnds = now + timeout;
            }

            // Silence: the backup's entry outlives the connection, but for what the sweeper's second may cost.
            while (now < heard + timeout)
                Sweep(ref now, ref backupEnds, ref memory);
            Assert.True(backupEnds >= heard + timeout, $"the backup's entry ends at {backupEnds}, the connection at {heard + timeout}");
        }

        void Sweep(ref long now, ref long backupEnds, ref SentState memory)
        {
            now += Math.Min(1000, Math.Max(1, timeout / 10));
            if (!RefreshPolicy.IsDue(timeout, now, settings, memory))
                return;
            RefreshPolicy.NoteSent(now, ref memory);
            backupEnds = now + timeout;
        }
    }

    private SendDecision Decide(long afterMs, bool isNews, RefreshSettings? settings = null)
        => RefreshPolicy.Decide(isNews, Timeout, Start + afterMs, settings ?? RefreshSettings.For(60, 0), ref _memory);
}
