using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Idle connections are told once a period, spread over it; time is the test's.</summary>
public sealed class IdleRefreshTests
{
    private const int StepMs = 10;
    private const int PeriodMs = 20_000;
    private const int Connections = 2000;

    private readonly RepeatBed _bed = new();
    private readonly IdleRefresh _idle;

    public IdleRefreshTests() => _idle = new IdleRefresh(_bed.Table);

    [Fact]
    public void Step_Off_SendsNothing()
    {
        _bed.Carry(Tcp(Connections));

        Assert.Empty(Walk(5 * PeriodMs));
    }

    /// <summary>Whenever a connection was told first, a receiver that comes at any time hears of it within the period.</summary>
    [Fact]
    public void Step_IdleConnections_EachIsToldOnceInAnyPeriod()
    {
        _idle.PeriodMs = PeriodMs;
        Walk(1234);
        for (int part = 0; part < 10; part++)
        {
            _bed.Carry(Tcp(Connections / 10, from: part * Connections / 10));
            Walk(777);
        }

        Walk(PeriodMs);
        for (int period = 0; period < 4; period++)
        {
            var told = Walk(PeriodMs).CountBy(sent => sent.Key).ToDictionary();
            Assert.Equal(Connections, told.Count);
            Assert.InRange(told.Values.Sum(), Connections, Connections * 4 / 3);
        }
    }

    /// <summary>What was told in one burst, or long before the key was set, comes back over half of the period at least.</summary>
    [Fact]
    public void Step_SwitchedOnAfterABurst_SpreadsTheTableOverHalfOfThePeriod()
    {
        _bed.Carry(Tcp(Connections));
        Walk(PeriodMs);
        _idle.PeriodMs = PeriodMs;
        for (int round = 0; round < 3; round++)
        {
            int[] seconds = [.. Enumerable.Range(0, PeriodMs / 1000).Select(_ => Walk(1000).Count)];
            Assert.InRange(seconds.Sum(), Connections, Connections * 4 / 3);
            Assert.InRange(seconds.Max(), 1, Connections * 2 * 1000 / PeriodMs * 3 / 2);
        }
    }

    /// <summary>A thread that was held up does not make good in one burst what a kernel's socket could not hold.</summary>
    [Fact]
    public void Step_AfterAPause_SendsNoBurst()
    {
        _bed.Carry(Tcp(Connections));
        Walk(1000);
        _idle.PeriodMs = PeriodMs;
        Walk(StepMs);
        _bed.Time.Advance(TimeSpan.FromMilliseconds(PeriodMs));

        Assert.InRange(_idle.Step(_bed.Table.NowMs), 1, Connections / 50);
    }

    [Fact]
    public void Step_ToldForAnotherReason_IsNotToldAgainWithinHalfOfThePeriod()
    {
        _idle.PeriodMs = PeriodMs;
        Walk(StepMs);
        for (int half = 0; half < 20; half++)
        {
            _bed.Carry([Entries.Tcp(1, state: (ushort)(half % 2 == 0 ? 1 : 2))]);
            Assert.Empty(Walk((PeriodMs * 3 / 8) - FlowConstants.DeferredMs));
        }
    }

    [Fact]
    public void Step_TemplatesAndConnectionsThatEnd_TellsTheFirstOnly()
    {
        ConnectionEntry template = RepeatBed.Template(1);
        ConnectionEntry udp = RepeatBed.Udp(2);
        _bed.Carry([template, udp, Entries.Tcp(3, state: ConnectionState.IP_VS_TCP_S_TIME_WAIT, timeout: 120)]);
        _bed.Table.Apply(Entries.Tcp(4), Origin.Peer);
        _idle.PeriodMs = PeriodMs;

        Assert.Equal([template.Key, udp.Key], Walk(PeriodMs).Select(sent => sent.Key).Distinct().OrderByDescending(key => key.IsTemplate));
    }

    [Fact]
    public void Step_ConnectionTimesOut_IsToldNoMore()
    {
        _bed.Carry([Entries.Tcp(1, timeout: 50)]);
        _idle.PeriodMs = PeriodMs;
        Assert.InRange(Walk(50_000).Count, 2, 3);

        Assert.Empty(Walk(2 * PeriodMs));
    }

    /// <summary>No space in the lane: it waits, and leaves nothing out.</summary>
    [Fact]
    public void Step_HalfOfTheQueueIsTaken_WaitsAndGoesOnThere()
    {
        var bed = new RepeatBed(limit: 4);
        var idle = new IdleRefresh(bed.Table) { PeriodMs = PeriodMs };
        bed.Outlet.Hold();
        for (int number = 0; number < Connections; number++)
            bed.Table.Apply(Entries.Tcp(number), Origin.Local);
        bed.Outlet.Release(sinceMs: long.MaxValue / 2);
        for (int step = 0; step < PeriodMs / StepMs; step++)
            Step(bed, idle);
        Assert.Equal(3, bed.Queue.Waiting);

        // The sender takes three messages a second, which is less than the walk would send: each connection is told all the same, and once.
        List<ConnectionKey> told = [];
        for (int step = 0; told.Count < Connections && step < 2 * PeriodMs / StepMs; step++)
        {
            if (step % 100 == 0)
                told.AddRange(bed.Take().Select(entry => entry.Key));
            Step(bed, idle);
        }

        Assert.Equal(Connections, told.Distinct().Count());
        Assert.InRange(told.Count, Connections, Connections + 200);
    }

    /// <summary>A new life is told again when backups no longer take it for an old message, whatever is told before.</summary>
    [Fact]
    public void Step_PortUsedAgain_IsStillToldOnceMoreLater()
    {
        _bed.Carry([Entries.Tcp(1, state: 5, timeout: 120)]);
        _bed.Table.Apply(Entries.Tcp(1), Origin.Local);
        _bed.Take();
        _idle.PeriodMs = 4000;
        Walk(3500);
        _idle.PeriodMs = 0;
        Walk(1);
        _bed.Time.Advance(TimeSpan.FromMilliseconds(RefreshPolicy.RebirthMs));
        _bed.Table.Sweep();

        Assert.Single(_bed.Take(FlowConstants.DeferredMs));
    }

    private static IEnumerable<ConnectionEntry> Tcp(int count, int from = 0) => Enumerable.Range(from, count).Select(number => Entries.Tcp(number));

    private static void Step(RepeatBed bed, IdleRefresh idle)
    {
        bed.Time.Advance(TimeSpan.FromMilliseconds(StepMs));
        idle.Step(bed.Table.NowMs);
    }

    /// <summary>Makes steps for some time, and returns what left meanwhile.</summary>
    private List<ConnectionEntry> Walk(int milliseconds)
    {
        List<ConnectionEntry> sent = [];
        for (int passed = 0; passed < milliseconds; passed += StepMs)
        {
            Step(_bed, _idle);
            sent.AddRange(_bed.Take());
        }

        return sent;
    }
}
