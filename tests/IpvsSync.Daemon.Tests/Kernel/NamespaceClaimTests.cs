using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class NamespaceClaimTests
{
    private readonly string _name = $"ipvs-test-{Guid.NewGuid()}";

    [Fact]
    public void Acquire_HeldByAnother_IsRefusedUntilDisposed()
    {
        var claim = NamespaceClaim.Acquire(_name);

        Assert.Contains("stop it first", Assert.Throws<KernelSessionException>(() => NamespaceClaim.Acquire(_name)).Message, StringComparison.Ordinal);
        claim.Dispose();
        NamespaceClaim.Acquire(_name).Dispose();
    }

    [Fact]
    public void Acquire_InAnotherNamespace_IsFree()
    {
        using var claim = NamespaceClaim.Acquire(_name);
        PrivateNetwork.Run(() => NamespaceClaim.Acquire(_name).Dispose());
    }
}
