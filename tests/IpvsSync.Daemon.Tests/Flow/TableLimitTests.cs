using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Tests.Flow;

public sealed class TableLimitTests
{
    [Fact]
    public void For_ANumber_IsThat() => Assert.Equal(5, TableLimit.For(new SyncOptions { MaxConnections = 5 }));

    [Fact]
    public void For_Zero_IsWhatHalfOfTheMemoryHolds()
    {
        long half = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        Assert.Equal(Math.Clamp(half / 426, 4096, ConnectionTable.MaxConnections), TableLimit.For(new SyncOptions()));
    }
}
