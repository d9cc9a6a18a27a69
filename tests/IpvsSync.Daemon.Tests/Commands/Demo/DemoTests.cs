using IpvsSync.Daemon.Commands;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Commands.Demo;

[Collection(Alone.Name)]
public sealed class DemoTests
{
    [Fact]
    public void Run_OverLoopback_EndsWithEqualTables()
    {
        using ManualResetEvent stop = new(initialState: false);

        Assert.Equal(ExitCodes.Done, DemoCommand.Run(new DemoOptions(1, new WorkloadOptions(), SyncPorts: 2, SyncKnobs.Shipped), stop));
    }

    [Fact]
    public void Run_Stopped_EndsInOrder()
    {
        using ManualResetEvent stop = new(initialState: true);

        Assert.Equal(ExitCodes.Done, DemoCommand.Run(new DemoOptions(0, new WorkloadOptions(), SyncPorts: 1, SyncKnobs.Shipped), stop));
    }

    [Fact]
    public void End_Differences_TellsTenAndCountsAll()
    {
        (ConnectionKey, string)[] differences = [.. Enumerable.Range(1, 12).Select(i => (Entries.Tcp(i).Key, "missing"))];

        string[] lines = [.. DemoText.End(Snapshot(lost: 0), new TableComparison(40, differences, 0))];

        Assert.Equal(10, lines.Count(line => line.EndsWith(": missing", StringComparison.Ordinal)));
        Assert.Equal(["  and 2 more", "12 differences of 40 connections"], lines[^2..]);
    }

    [Fact]
    public void End_LostMessages_AreSaid()
    {
        IEnumerable<string> lines = DemoText.End(Snapshot(lost: 3), new TableComparison(40, [], 0));

        Assert.Contains(lines, line => line.Contains("Messages were lost", StringComparison.Ordinal));
    }

    private static DemoSnapshot Snapshot(long lost) => new()
    {
        Elapsed = TimeSpan.FromSeconds(10),
        Feed = default,
        Sent = new DemoCount(10, 100, 1000),
        Received = new DemoCount(10 - lost, 100, 1000),
        KernelSame = new DemoCount(2, 100, 2000),
        KernelDefaults = default,
        OnMaster = 40,
        OnBackup = 40,
        Coalesced = 0,
        Postponed = 0,
        Lost = lost,
    };
}
