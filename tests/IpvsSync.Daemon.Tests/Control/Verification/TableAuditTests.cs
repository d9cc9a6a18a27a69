using System.Net;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Control.Verification;

public sealed class TableAuditTests
{
    private readonly LeapingTime _time = new();
    private readonly ConnectionTable _table;
    private readonly List<IpvsConnection> _kernel = [];
    private SyncOptions _options = new();
    private Action<int> _beforeReading = _ => { };
    private int _readings;
    private bool _isComplete = true;

    public TableAuditTests() => _table = new ConnectionTable(_time);

    [Fact]
    public async Task Run_BothTheSame_AgreeAndAreReadOnce()
    {
        for (int number = 0; number < 100; number++)
            Both(Entries.Tcp(number), number % 2 == 0 ? Origin.Local : Origin.Peer);
        TableAudit audit = await Run();

        Assert.Equal((100, 0, 0L, 0L), (audit.Compared, audit.Differences.Count, audit.Untold, audit.Ending));
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task Run_BothEmpty_IsNoDifference()
    {
        var answer = VerifyAnswer.Of(await Run(), limit: 20);

        Assert.Equal((0, 100), (answer.Compared, answer.Percent));
    }

    [Fact]
    public async Task Run_MissingInKernel_IsNamed()
    {
        Both(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(2), Origin.Peer);

        Difference difference = Assert.Single((await Run()).Differences);
        Assert.Equal((DifferenceKind.MissingInKernel, Entries.Tcp(2).Key), (difference.Kind, difference.Key));
        Assert.Null(difference.Kernel);
        Assert.Equal(3, _readings);
    }

    [Theory]
    [InlineData(IpvsOrigin.Local)]
    [InlineData(IpvsOrigin.Synced)]
    public async Task Run_MissingInTable_IsNamed(IpvsOrigin origin)
    {
        _kernel.Add(KernelLines.Of(Entries.Tcp(3), origin));

        Difference difference = Assert.Single((await Run()).Differences);
        Assert.Equal((DifferenceKind.MissingInTable, Entries.Tcp(3).Key), (difference.Kind, difference.Key));
        Assert.Null(difference.Ours);
    }

    [Fact]
    public async Task Run_OtherState_IsNamed()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _kernel.Add(KernelLines.Of(Entries.Tcp(1, state: 4)));

        Assert.Equal(DifferenceKind.State, Assert.Single((await Run()).Differences).Kind);
    }

    [Fact]
    public async Task Run_OtherRealServerOrPort_IsNamed()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _table.Apply(Entries.Tcp(2), Origin.Peer);
        _kernel.Add(KernelLines.Of(Entries.Tcp(1) with { Real = Address.FromIPv4(1) }));
        _kernel.Add(KernelLines.Of(Entries.Tcp(2) with { RealPort = 1 }));

        Assert.Equal([DifferenceKind.RealServer, DifferenceKind.RealServer], (await Run()).Differences.Select(difference => difference.Kind));
    }

    [Fact]
    public async Task Run_ChangedMeanwhile_IsNotNamed()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _kernel.Add(KernelLines.Of(Entries.Tcp(2)));
        Both(Entries.Tcp(3), Origin.Local);
        _beforeReading = reading =>
        {
            if (reading == 2)
                _kernel.Add(KernelLines.Of(Entries.Tcp(1)));
            if (reading == 3)
                _table.Apply(Entries.Tcp(2), Origin.Local);
        };
        TableAudit audit = await Run();

        Assert.Equal((3, 0), (audit.Compared, audit.Differences.Count));
    }

    [Fact]
    public async Task Run_EndedMeanwhileInBoth_IsNotCompared()
    {
        _kernel.Add(KernelLines.Of(Entries.Tcp(2)));
        _beforeReading = reading => _ = reading == 2 ? _kernel.RemoveAll(_ => true) : 0;
        TableAudit audit = await Run();

        Assert.Equal((0, 0), (audit.Compared, audit.Differences.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task Run_StateThatIsNeverTold_IsNoDifference(ushort state)
    {
        _kernel.Add(KernelLines.Of(Entries.Tcp(1, state)));
        _table.Apply(Entries.Tcp(2, state: 7), Origin.Local);
        _kernel.Add(KernelLines.Of(Entries.Tcp(2, state)));
        TableAudit audit = await Run();

        Assert.Equal((1, 0, 1L), (audit.Compared, audit.Differences.Count, audit.Untold));
    }

    [Fact]
    public async Task Run_SyncedOneInAStateThatIsNeverTold_IsMissing()
    {
        _kernel.Add(KernelLines.Of(Entries.Tcp(1, state: 3), IpvsOrigin.Synced));

        Assert.Equal(DifferenceKind.MissingInTable, Assert.Single((await Run()).Differences).Kind);
    }

    [Fact]
    public async Task Run_OwnBeforeItsThreshold_IsUntold()
    {
        _options = new SyncOptions { SyncThreshold = 3, SyncPeriod = 50 };
        _kernel.Add(KernelLines.Of(Entries.Tcp(1)));
        _kernel.Add(KernelLines.Of(Entries.Tcp(2), IpvsOrigin.Synced));
        TableAudit audit = await Run();

        Assert.Equal((1L, 1), (audit.Untold, audit.Differences.Count));
    }

    [Fact]
    public async Task Run_OwnOfABackup_IsUntold()
    {
        _options = new SyncOptions { Role = Role.Backup };
        _kernel.Add(KernelLines.Of(Entries.Tcp(1)));

        Assert.Equal(1, (await Run()).Untold);
    }

    [Fact]
    public async Task Run_OursWhoseTimeIsUp_IsEnding()
    {
        _table.Apply(Entries.Tcp(1, timeout: 10), Origin.Peer);
        _table.Apply(Entries.Tcp(2, timeout: 100), Origin.Peer);
        _table.Apply(Entries.Tcp(3, timeout: 30), Origin.Local);
        _time.Advance(TimeSpan.FromSeconds(9));
        TableAudit audit = await Run(timeoutMargin: 20);

        Assert.Equal(2, audit.Ending);
        Assert.Equal(Entries.Tcp(2).Key, Assert.Single(audit.Differences).Key);
    }

    [Fact]
    public async Task Run_OwnThatWasClosing_IsEnding()
    {
        _table.Apply(Entries.Tcp(1, state: 7), Origin.Local);
        _table.Apply(Entries.Tcp(2, state: 7), Origin.Peer);
        TableAudit audit = await Run();

        Assert.Equal(1, audit.Ending);
        Assert.Equal(Entries.Tcp(2).Key, Assert.Single(audit.Differences).Key);
    }

    [Fact]
    public async Task Run_PushConnection_DoesNotCount()
    {
        ConnectionEntry push = Entries.Tcp(1) with { Key = Entries.Tcp(1).Key with { Virtual = Address.From(IPAddress.Parse("192.0.2.1")), VirtualPort = 9 } };
        _kernel.Add(KernelLines.Of(push));

        Assert.Equal(0, (await Run()).Compared);
    }

    [Fact]
    public async Task Run_TemplateAssuredSince_IsNoDifferenceOfAnOwnOne()
    {
        ConnectionEntry template = Entries.Tcp(1, state: 0) with { Key = Entries.Tcp(1).Key with { IsTemplate = true, ClientPort = 0 } };
        _table.Apply(template, Origin.Local);
        _kernel.Add(KernelLines.Of(template with { State = 1 }));

        Assert.Empty((await Run()).Differences);
    }

    [Fact]
    public async Task Run_LineOfAStrangeState_IsUnreadable()
    {
        _kernel.Add(KernelLines.Of(Entries.Tcp(1)) with { State = "ERR!" });

        Assert.Equal(1, (await Run()).Unreadable);
    }

    [Fact]
    public async Task Answer_ManyDifferences_NamesAsManyAsAskedForAndNeverRoundsUp()
    {
        for (int number = 0; number < 20_000; number++)
            Both(Entries.Tcp(number), Origin.Peer);
        _kernel.RemoveRange(0, 2);
        var answer = VerifyAnswer.Of(await Run(), limit: 1);

        Assert.Equal((20_000, 19_998, 99.99), (answer.Compared, answer.Agreeing, answer.Percent));
        Assert.Equal(2, answer.Kinds["missing in kernel"]);
        Assert.Single(answer.Differences);
    }

    [Fact]
    public async Task Run_KernelTableReplacedWhenRead_IsSaid()
    {
        Both(Entries.Tcp(1), Origin.Peer);
        Assert.False(VerifyAnswer.Of(await Run(), limit: 20).Incomplete);
        _isComplete = false;

        Assert.True(VerifyAnswer.Of(await Run(), limit: 20).Incomplete);
    }

    [Fact]
    public async Task Run_KernelListsOneTwice_IsComparedOnce()
    {
        Both(Entries.Tcp(1), Origin.Peer);
        _kernel.Add(_kernel[0]);

        Assert.Equal(1, (await Run()).Compared);
    }

    private void Both(ConnectionEntry entry, Origin origin)
    {
        _table.Apply(entry, origin);
        _kernel.Add(KernelLines.Of(entry, origin == Origin.Local ? IpvsOrigin.Local : IpvsOrigin.Synced));
    }

    [Fact]
    public async Task Run_KernelsBackupMustNotRun_PeersConnectionsAreNotCompared()
    {
        Both(Entries.Tcp(1), Origin.Local);
        _table.Apply(Entries.Tcp(2), Origin.Peer);
        _kernel.Add(KernelLines.Of(Entries.Tcp(3, state: 7), IpvsOrigin.Synced)); // from before, and changed since
        _table.Apply(Entries.Tcp(3), Origin.Peer);
        _table.Apply(Entries.Tcp(4), Origin.Local);
        var answer = VerifyAnswer.Of(await Run(isHeld: true), limit: 20);

        Assert.Equal((2, 1, 2), (answer.Compared, answer.Agreeing, answer.Held));
    }

    private async Task<TableAudit> Run(uint timeoutMargin = 0, bool isHeld = false)
    {
        var audit = new TableAudit(_table, Read, new AuditRules(_options, timeoutMargin, isHeld), _time);
        await audit.RunAsync(TestContext.Current.CancellationToken);
        return audit;
    }

    private Task<KernelReading> Read(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation)
    {
        _beforeReading(++_readings);
        begin();
        foreach (IpvsConnection connection in _kernel)
            handle(connection, default, default);
        return Task.FromResult(new KernelReading(0, _isComplete));
    }
}
