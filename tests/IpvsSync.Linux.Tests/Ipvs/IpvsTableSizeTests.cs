using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Linux.Tests.Ipvs;

public sealed class IpvsTableSizeTests
{
    [Theory]
    [InlineData("IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port", 4096L)]
    [InlineData("IP Virtual Server version 1.2.1 (size=0)\n", 0L)]
    [InlineData("IP Virtual Server version 1.2.1 (size=)\n", null)]
    [InlineData("IP Virtual Server version 1.2.1 (size=12", null)]
    [InlineData("", null)]
    public void InTitle_FirstLines_IsTheSizeOrNull(string title, long? size) => Assert.Equal(size, IpvsTableSize.InTitle(title));
}
