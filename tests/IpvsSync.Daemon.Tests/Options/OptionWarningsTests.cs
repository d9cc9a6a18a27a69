using System.Net;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Options;

public sealed class OptionWarningsTests
{
    [Theory]
    [InlineData("224.0.0.81")]
    [InlineData("224.0.0.255")]
    [InlineData("ff02::81")]
    [InlineData("ff12::81")]
    [InlineData("ff01::81")]
    public void Of_LinkLocalGroupWithATtl_SaysThatNoRouterForwardsIt(string group)
    {
        string warning = Assert.Single(Warnings(group, ttl: 2));
        Assert.StartsWith("IpvsSync:Ttl: ", warning, StringComparison.Ordinal);
        Assert.Contains(group, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("224.0.0.81", 1)]
    [InlineData("224.0.1.81", 2)]
    [InlineData("239.1.1.81", 8)]
    [InlineData("ff05::81", 8)]
    [InlineData("ff02::81", 1)]
    public void Of_GroupThatRoutersForwardOrNoTtl_SaysNothing(string group, int ttl) => Assert.Empty(Warnings(group, ttl));

    [Theory]
    [InlineData(0, true, 0)]
    [InlineData(1, true, 1)]
    [InlineData(67, true, 1)]
    [InlineData(68, true, 0)]
    [InlineData(67, false, 0)]
    public void Of_MessageSizeWithoutRoomForAnEntryAndItsTrailer_SaysSo(int size, bool extensions, int warnings)
    {
        string[] said = [.. OptionWarnings.Of(new SyncOptions { MaxMessageSize = size, Extensions = extensions })];

        Assert.Equal(warnings, said.Length);
        Assert.All(said, warning => Assert.StartsWith("IpvsSync:MaxMessageSize: ", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(150, 0)]
    [InlineData(151, 1)]
    public void Of_IdleRefreshPeriodLongerThanHalfOfAConnectionsLife_SaysSo(int period, int warnings)
    {
        string[] said = [.. OptionWarnings.Of(new SyncOptions { IdleRefreshPeriod = period })];

        Assert.Equal(warnings, said.Length);
        Assert.All(said, warning => Assert.StartsWith("IpvsSync:IdleRefreshPeriod: ", warning, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Warnings(string group, int ttl)
        => OptionWarnings.Of(new SyncOptions { Group = IPAddress.Parse(group), Ttl = ttl });
}
