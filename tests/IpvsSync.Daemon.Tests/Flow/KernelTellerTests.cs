using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Everything is told once, by rate; time is the test's.</summary>
public sealed class KernelTellerTests
{
    private const int StepMs = 10;
    private const int Connections = 3000;
    private const int Templates = 500;

    private readonly RepeatBed _bed = new();
    private readonly KernelTeller _teller;

    public KernelTellerTests()
    {
        _teller = new KernelTeller(_bed.Table, NullLogger.Instance);
        _bed.Carry(Enumerable.Range(0, Connections).Select(number => Entries.Tcp(number)));
        _bed.Carry(Enumerable.Range(0, Templates).Select(RepeatBed.Template));
        _bed.Table.Apply(Entries.Tcp(Connections), Origin.Peer);
    }

    [Fact]
    public void Step_UntilTheEnd_TellsEachOnceTemplatesFirst()
    {
        _teller.Begin(10_000, _bed.Table.NowMs);
        Assert.Equal(new KernelsTold(0, Connections + Templates, IsRunning: true), _teller.Told);
        List<ConnectionEntry> sent = Run();

        Assert.All(sent[..Templates], entry => Assert.True(entry.Key.IsTemplate));
        Assert.Equal(Connections + Templates, sent.Select(entry => entry.Key).Distinct().Count());
        Assert.Equal(Connections + Templates, sent.Count);
        Assert.Equal(new KernelsTold(Connections + Templates, Connections + Templates, IsRunning: false), _teller.Told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    [InlineData(5000)]
    [InlineData(20_000)]
    public void Step_AnyRate_IsKeptInEachSecond(int rate)
    {
        _teller.Begin(rate, _bed.Table.NowMs);
        for (int passed = 0; passed < 3000 && _teller.IsRunning; passed += 1000)
        {
            int sent = Run(1000).Count;
            Assert.InRange(sent, _teller.IsRunning ? rate - 1 : 0, rate + 1);
        }
    }

    /// <summary>A thread that was held up does not make good in one burst what a kernel's socket could not hold.</summary>
    [Fact]
    public void Step_AfterAPause_SendsNoBurst()
    {
        _teller.Begin(20_000, _bed.Table.NowMs);
        _bed.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.InRange(_teller.Step(_bed.Table.NowMs), 1, 1000);
    }

    [Fact]
    public void Step_HalfOfTheQueueIsTaken_WaitsAndGoesOnThere()
    {
        var bed = new RepeatBed(limit: 4);
        var teller = new KernelTeller(bed.Table, NullLogger.Instance);
        for (int number = 0; number < Connections; number++)
        {
            bed.Table.Apply(Entries.Tcp(number), Origin.Local);
            bed.Take();
        }

        bed.Time.Advance(TimeSpan.FromMilliseconds(StepMs));
        teller.Begin(20_000, bed.Table.NowMs);
        for (int step = 0; step < 1000; step++)
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(StepMs));
            teller.Step(bed.Table.NowMs);
        }

        Assert.Equal(3, bed.Queue.Waiting);
        HashSet<ConnectionKey> told = [];
        for (int step = 0; step < 1000 && teller.IsRunning; step++)
        {
            told.UnionWith(bed.Take(StepMs).Select(entry => entry.Key));
            teller.Step(bed.Table.NowMs);
        }

        told.UnionWith(bed.Take(FlowConstants.DeferredMs).Select(entry => entry.Key));
        Assert.Equal(Connections, told.Count);
        Assert.Equal(new KernelsTold(Connections, Connections, IsRunning: false), teller.Told);
    }

    /// <summary>What is news after the beginning has been told with that, and counts.</summary>
    [Fact]
    public void Step_NewsMeanwhile_IsNotToldTwice()
    {
        _teller.Begin(10_000, _bed.Table.NowMs);
        _bed.Time.Advance(TimeSpan.FromMilliseconds(1));
        _bed.Carry(Enumerable.Range(0, Connections).Select(number => Entries.Tcp(number, state: 4, timeout: 120)));
        List<ConnectionEntry> sent = Run();

        Assert.Equal(Templates, sent.Count);
        Assert.Equal(Connections + Templates, _teller.Told.Told);
    }

    /// <summary>A message may have left just before the beginning, when the kernel was not there yet.</summary>
    [Fact]
    public void Step_SentInTheMillisecondOfTheBeginning_IsToldAgain()
    {
        _bed.Table.Apply(Entries.Tcp(Connections + 1), Origin.Local);
        _bed.Take();
        _teller.Begin(20_000, _bed.Table.NowMs);

        Assert.Contains(Entries.Tcp(Connections + 1).Key, Run().Select(entry => entry.Key));
    }

    [Fact]
    public void Cancel_Underway_EndsAndSaysHowFarItCame()
    {
        _teller.Begin(1000, _bed.Table.NowMs);
        Run(1000);
        _teller.Cancel();

        Assert.False(_teller.Told.IsRunning);
        Assert.InRange(_teller.Told.Told, 990, 1010);
        Assert.Equal(Connections + Templates, _teller.Told.Expected);
        Assert.Empty(Run(1000));
    }

    [Fact]
    public void Begin_Underway_BeginsAnew()
    {
        _teller.Begin(1000, _bed.Table.NowMs);
        Run(1000);
        _teller.Begin(20_000, _bed.Table.NowMs + 1);

        Assert.Equal(0, _teller.Told.Told);
        Assert.Equal(Connections + Templates, Run().Count);
    }

    /// <summary>Makes steps for some time or until all is told, and returns what left meanwhile.</summary>
    private List<ConnectionEntry> Run(int milliseconds = 60_000)
    {
        List<ConnectionEntry> sent = [];
        for (int passed = 0; passed < milliseconds && _teller.IsRunning; passed += StepMs)
        {
            _bed.Time.Advance(TimeSpan.FromMilliseconds(StepMs));
            _teller.Step(_bed.Table.NowMs);
            sent.AddRange(_bed.Take());
        }

        sent.AddRange(_bed.Take(FlowConstants.DeferredMs));
        return sent;
    }
}
