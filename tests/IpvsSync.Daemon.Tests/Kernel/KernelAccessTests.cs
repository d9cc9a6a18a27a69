using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelAccessTests
{
    [Fact]
    public void Open_ThisKernel_IsClaimedOrFreeAgain() => PrivateNetwork.Run(() =>
    {
        try
        {
            using var access = KernelAccess.Open();
            Assert.Throws<KernelSessionException>(() => NamespaceClaim.Acquire());
            Assert.Equal(KernelPlace.Current(), access.Place);
        }
        catch (IpvsUnavailableException)
        {
            // A kernel without IPVS must not stay claimed.
        }

        NamespaceClaim.Acquire().Dispose();
    });

    [Fact]
    public void Open_ClaimHeldByAnother_IsRefused() => PrivateNetwork.Run(() =>
    {
        using var claim = NamespaceClaim.Acquire();

        Assert.Throws<KernelSessionException>(KernelAccess.Open);
    });

    [Fact]
    public void CurrentPlace_ThisProcess_HasABootAndANamespace()
    {
        var place = KernelPlace.Current();

        Assert.True(Guid.TryParse(place.Boot, out _));
        Assert.True(ulong.TryParse(place.Namespace, out _));
        Assert.Equal(place, KernelPlace.Current());
    }
}
