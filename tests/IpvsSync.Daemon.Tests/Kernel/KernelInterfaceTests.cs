using IpvsSync.Daemon.Kernel;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelInterfaceTests
{
    private uint? _index = 7;

    [Fact]
    public void Check_SameInterface_IsContent() => Make().Check();

    [Theory]
    [InlineData(null)]
    [InlineData(8u)]
    public void Check_RemovedOrMadeAgain_ThrowsAndNamesIt(uint? index)
    {
        KernelInterface watched = Make();
        _index = index;

        Assert.Contains("dummy0", Assert.Throws<KernelSessionException>(watched.Check).Message, StringComparison.Ordinal);
    }

    private KernelInterface Make() => new("dummy0", name => name == "dummy0" ? _index : null);
}
