using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class WireRefreshTests
{
    private const long Start = 5_000_000;
    private const long Timeout = 900_000;

    private WireMemory _memory;

    [Fact]
    public void Decide_NeverTold_IsNews() => Assert.Equal(WireVerdict.News, Decide(0, isNews: false));

    [Fact]
    public void Decide_Changed_IsNewsAtAnyTime()
    {
        Decide(0, isNews: true);
        Assert.Equal(WireVerdict.News, Decide(1, isNews: true));
    }

    [Theory]
    [InlineData(60, 0, 59_999, WireVerdict.Postponed)]
    [InlineData(60, 0, 60_000, WireVerdict.Refresh)]
    [InlineData(60, 1, 7_499, WireVerdict.Postponed)]
    [InlineData(60, 1, 7_500, WireVerdict.Retry)]
    [InlineData(1000, 0, 449_999, WireVerdict.Postponed)]
    [InlineData(1000, 0, 450_000, WireVerdict.Refresh)]
    [InlineData(0, 0, 7_499, WireVerdict.Postponed)]
    [InlineData(0, 0, 7_500, WireVerdict.Retry)]
    [InlineData(0, 0, 60_000, WireVerdict.Refresh)]
    public void Decide_Unchanged_FollowsPeriodHalfTimeoutAndRetries(int period, int retries, long afterMs, object expected)
    {
        var settings = WireRefreshSettings.For(period, retries);
        Decide(0, isNews: true, settings);
        Assert.Equal(expected, Decide(afterMs, isNews: false, settings));
    }

    [Fact]
    public void Decide_TimeoutBelowTenSeconds_IsRefreshedAtItsHalf()
    {
        var settings = WireRefreshSettings.For(60, 0);
        WireRefresh.Decide(true, 5000, Start, settings, ref _memory);
        Assert.Equal(WireVerdict.Postponed, WireRefresh.Decide(false, 5000, Start + 2499, settings, ref _memory));
        Assert.Equal(WireVerdict.Refresh, WireRefresh.Decide(false, 5000, Start + 2500, settings, ref _memory));
    }

    [Fact]
    public void Decide_Retries_AreCountedFromTheMessageBeforeAndEndAtTheirNumber()
    {
        var settings = WireRefreshSettings.For(80, 2);
        Decide(0, isNews: true, settings);
        Assert.Equal(WireVerdict.Retry, Decide(12_000, isNews: false, settings));
        Assert.Equal(WireVerdict.Postponed, Decide(21_000, isNews: false, settings));
        Assert.Equal(WireVerdict.Retry, Decide(22_000, isNews: false, settings));
        Assert.Equal(WireVerdict.Postponed, Decide(101_000, isNews: false, settings));
        Assert.Equal(WireVerdict.Refresh, Decide(102_000, isNews: false, settings));
        Assert.Equal(WireVerdict.Retry, Decide(112_000, isNews: false, settings));
    }

    [Fact]
    public void IsDue_Postponed_WhenItsWindowEndsAndOnlyOnce()
    {
        var settings = WireRefreshSettings.For(60, 0);
        Decide(0, isNews: true, settings);
        Decide(50_000, isNews: false, settings);

        Assert.False(WireRefresh.IsDue(Timeout, Start + 59_999, settings, _memory));
        Assert.True(WireRefresh.IsDue(Timeout, Start + 60_000, settings, _memory));
        WireRefresh.Settle(Start + 60_000, ref _memory);
        Assert.False(WireRefresh.IsDue(Timeout, Start + 200_000, settings, _memory));
    }

    [Fact]
    public void IsDue_NotHeardOfSince_Never()
    {
        var settings = WireRefreshSettings.For(60, 0);
        Decide(0, isNews: true, settings);
        Assert.False(WireRefresh.IsDue(Timeout, Start + 800_000, settings, _memory));
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
        var settings = WireRefreshSettings.For(period, retries);
        long timeout = timeoutSeconds * 1000L;
        for (int trial = 0; trial < 20; trial++)
        {
            long now = Start, heard = Start, backupEnds = Start + timeout;
            var memory = default(WireMemory);
            WireRefresh.Decide(true, timeout, now, settings, ref memory);
            for (int step = 0; step < 200; step++)
            {
                long next = heard + (long)(random.NextDouble() * random.NextDouble() * timeout);
                while (now + 1000 < next)
                    Sweep(ref now, ref backupEnds, ref memory);
                now = heard = next;
                Assert.True(backupEnds > now, $"the backup's entry ended at {backupEnds}, and a packet came at {now}");
                if (WireRefresh.Decide(false, timeout, now, settings, ref memory) != WireVerdict.Postponed)
                    backupEnds = now + timeout;
            }

            // Silence: the backup's entry outlives the connection, but for what the sweeper's second may cost.
            while (now < heard + timeout)
                Sweep(ref now, ref backupEnds, ref memory);
            Assert.True(backupEnds >= heard + timeout, $"the backup's entry ends at {backupEnds}, the connection at {heard + timeout}");
        }

        void Sweep(ref long now, ref long backupEnds, ref WireMemory memory)
        {
            now += Math.Min(1000, Math.Max(1, timeout / 10));
            if (!WireRefresh.IsDue(timeout, now, settings, memory))
                return;
            WireRefresh.Settle(now, ref memory);
            backupEnds = now + timeout;
        }
    }

    private WireVerdict Decide(long afterMs, bool isNews, WireRefreshSettings? settings = null)
        => WireRefresh.Decide(isNews, Timeout, Start + afterMs, settings ?? WireRefreshSettings.For(60, 0), ref _memory);
}
