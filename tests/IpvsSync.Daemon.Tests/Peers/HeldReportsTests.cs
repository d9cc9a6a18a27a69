using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Peers;

public sealed class HeldReportsTests
{
    /// <summary>What a peer held that is gone says nothing of a failover.</summary>
    [Fact]
    public void Since_APeerThatSaysNoMore_LeavesItOut()
    {
        var reports = new HeldReports();
        reports.Note(Report(1, atMs: 1000));
        reports.Note(Report(2, atMs: 2000));

        Assert.Equal([1u, 2u], reports.Since(1000).Select(report => report.Instance).Order());
        Assert.Equal([2u], reports.Since(1001).Select(report => report.Instance));
    }

    private static HeldReport Report(uint instance, long atMs)
        => new(instance, SourceAddress.From(new([192, 0, 2, (byte)instance])), Own: 10, Held: 9, Extra: 0, Differing: 1, Limit: 0, atMs);
}
