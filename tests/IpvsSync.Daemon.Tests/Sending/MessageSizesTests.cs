using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>Messages are no larger than the kernel's own (spec §2.6), unless somebody asks for larger ones.</summary>
public sealed class MessageSizesTests
{
    [Theory]
    [InlineData("224.0.0.81", 1500, 1472)]
    [InlineData("224.0.0.81", 9000, 1472)]
    [InlineData("224.0.0.81", 65536, 1472)]
    [InlineData("224.0.0.81", 1280, 1252)]
    [InlineData("ff02::81", 1500, 1452)]
    [InlineData("ff02::81", 9000, 1452)]
    [InlineData("ff02::81", 1280, 1232)]
    public void ForWire_AsShipped_IsAtMostTheKernels(string group, int mtu, int expected)
        => Assert.Equal(expected, MessageSizes.ForWire(new SyncOptions { Group = IPAddress.Parse(group) }, mtu));

    [Theory]
    [InlineData(8972, 9000, 8972)]
    [InlineData(8972, 1500, 8972)]
    [InlineData(512, 9000, 512)]
    [InlineData(65507, 1500, 65507)]
    public void ForWire_AskedFor_IsAsAsked(int asked, int mtu, int expected)
        => Assert.Equal(expected, MessageSizes.ForWire(new SyncOptions { MaxMessageSize = asked }, mtu));
}
