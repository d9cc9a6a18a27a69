using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>
/// The feed has at least one retry, whatever the operator sets for the peers: without one, a new connection whose timeout is shorter than
/// the refresh period counts as sent just now, and the feed stays silent about it (spec §4.7, example 24).
/// </summary>
public sealed class FeedRetriesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Sysctls_SyncRetries_IsAtLeastOne(int configured, int expected)
        => Assert.Contains((IpvsSysctls.SyncRetries, $"{expected}"), KernelSettings.Sysctls(new SyncOptions { Role = Role.Master, SyncRetries = configured }));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    public void EmbeddedPolicy_Retries_AreThoseOfTheSysctl(int configured, int expected)
        => Assert.Equal(expected, EmbeddedFeed.Policy(new SyncOptions { SyncRetries = configured }).Retries);
}
