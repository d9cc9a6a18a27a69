using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Tests.Links;

public sealed class NetworkInterfacesTests
{
    [Fact]
    public void IndexOf_Loopback_IsOne() => Assert.Equal(1u, NetworkInterfaces.IndexOf("lo"));

    [Theory]
    [InlineData("no-such-if")]
    [InlineData("a-name-that-is-too-long")]
    [InlineData("")]
    public void IndexOf_Missing_IsNull(string name) => Assert.Null(NetworkInterfaces.IndexOf(name));

    [Fact]
    public void Names_Always_ContainsLoopback() => Assert.Contains("lo", NetworkInterfaces.Names());

    [Fact]
    public void Mtu_Loopback_IsPositive() => Assert.InRange(NetworkInterfaces.Mtu("lo"), 68, 65536);

    [Fact]
    public void Mtu_Missing_NamesTheExistingOnes()
    {
        KernelException refusal = Assert.Throws<KernelException>(() => NetworkInterfaces.Mtu("no-such-if"));
        Assert.Equal(Errno.ENODEV, refusal.Errno);
        Assert.Contains("has lo", refusal.Message, StringComparison.Ordinal);
    }
}
