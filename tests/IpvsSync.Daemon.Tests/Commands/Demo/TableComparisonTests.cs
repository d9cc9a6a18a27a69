using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Commands.Demo;

public sealed class TableComparisonTests
{
    private const long Now = 1_000_000;
    private const long Age = 10_000;

    [Fact]
    public void Of_SameTables_HasNoDifference()
    {
        TableComparison comparison = Compare(
            [Record(Entries.Tcp(1)), Record(Entries.Tcp(2))], [Record(Entries.Tcp(2)), Record(Entries.Tcp(1))]);

        Assert.Equal((2, 0, 0), (comparison.Connections, comparison.Differences.Count, comparison.Outlived));
    }

    [Fact]
    public void Of_Missing_NamesTheConnection()
    {
        TableComparison comparison = Compare([Record(Entries.Tcp(1)), Record(Entries.Tcp(2))], [Record(Entries.Tcp(1))]);

        Assert.Equal((Entries.Tcp(2).Key, "missing on the backup (ESTABLISHED on the master)"), Assert.Single(comparison.Differences));
    }

    [Fact]
    public void Of_OtherState_NamesBoth()
    {
        TableComparison comparison = Compare([Record(Entries.Tcp(1, state: 5))], [Record(Entries.Tcp(1))]);

        Assert.Equal("TIME_WAIT on the master, ESTABLISHED on the backup", Assert.Single(comparison.Differences).Reason);
    }

    [Fact]
    public void Of_OtherRealServer_IsADifference()
    {
        TableComparison comparison = Compare([Record(Entries.Tcp(1))], [Record(Entries.Tcp(1) with { RealPort = 8081 })]);

        Assert.Equal("bound to different real servers", Assert.Single(comparison.Differences).Reason);
    }

    [Fact]
    public void Of_OnBackupAloneTooYoungToHaveTimedOut_IsADifference()
        => Assert.Equal("only on the backup (ESTABLISHED)", Assert.Single(Compare([], [Record(Entries.Tcp(1))]).Differences).Reason);

    [Fact]
    public void Of_OnBackupAloneAfterItsTimeout_HasOutlivedTheMasters()
    {
        ConnectionEntry closed = Entries.Tcp(1, state: 6, timeout: 10);

        TableComparison comparison = Compare([Record(closed, leftMs: 0)], [Record(closed, leftMs: 5)]);

        Assert.Equal((0, 0, 1), (comparison.Connections, comparison.Differences.Count, comparison.Outlived));
    }

    private static TableComparison Compare(ConnectionRecord[] master, ConnectionRecord[] backup)
        => TableComparison.Of(master, backup, Now, Age);

    private static ConnectionRecord Record(ConnectionEntry entry, long leftMs = 60_000)
        => new() { Entry = entry, DeadlineMs = Now + leftMs };
}
