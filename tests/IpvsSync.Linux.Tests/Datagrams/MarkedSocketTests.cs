using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Linux.Tests.Datagrams;

public sealed class MarkedSocketTests
{
    [Fact]
    public void Count_OpenAndClosedSockets_AreThoseOpenWithTheMark() => PrivateNetwork.Run(() =>
    {
        const uint Mark = 77;
        Assert.SkipWhen(MarkedSockets.Count(Mark) is null, "This kernel has no diagnostics for UDP.");
        using var other = MarkedSocket.Open(Mark + 1);
        Assert.Equal(0, MarkedSockets.Count(Mark));
        using (MarkedSocket.Open(Mark))
        {
            using var second = MarkedSocket.Open(Mark);
            Assert.Equal(2, MarkedSockets.Count(Mark));
        }

        Assert.Equal(0, MarkedSockets.Count(Mark));
    });

    [Fact]
    public void Cookie_TwoNamespaces_Differ() => PrivateNetwork.Run(() =>
    {
        ulong? here = NetworkNamespace.Cookie();
        Assert.SkipWhen(here is null, "This kernel has no cookies of network namespaces.");
        Assert.Equal(here, NetworkNamespace.Cookie());
        PrivateNetwork.Run(() => Assert.NotEqual(here, NetworkNamespace.Cookie()));
    });
}
