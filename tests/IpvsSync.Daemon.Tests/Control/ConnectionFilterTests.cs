using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Control;

public sealed class ConnectionFilterTests
{
    private static readonly ConnectionRecord s_record = new() { Entry = Entries.Tcp(5), Origin = Origin.Peer };

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("203.0.113.10:80", "198.51.100.0", "ESTABLISHED", "peer")]
    [InlineData(null, null, "established", null)]
    public void Includes_WhatWasAskedFor(string? service, string? client, string? state, string? origin)
        => Assert.True(Filter(service, client, state, origin).Includes(s_record));

    [Theory]
    [InlineData("203.0.113.10:81", null, null, null)]
    [InlineData("203.0.113.11:80", null, null, null)]
    [InlineData("[::203.0.113.10]:80", null, null, null)]
    [InlineData(null, "198.51.100.1", null, null)]
    [InlineData(null, "::198.51.100.0", null, null)]
    [InlineData(null, null, "CLOSE", null)]
    [InlineData(null, null, null, "local")]
    public void Includes_AnythingElse_Not(string? service, string? client, string? state, string? origin)
        => Assert.False(Filter(service, client, state, origin).Includes(s_record));

    [Theory]
    [InlineData("10.1.0.100", null, null)]
    [InlineData("10.1.0.100:65536", null, null)]
    [InlineData("10.1.0.100:", null, null)]
    [InlineData("2001:db8::1:80", null, null)]
    [InlineData("[10.1.0.100]:80", null, null)]
    [InlineData("10.1:80", null, null)]
    [InlineData(":80", null, null)]
    [InlineData(null, "somebody", null)]
    [InlineData(null, "10.1", null)]
    [InlineData(null, null, "both")]
    public void New_WhatDoesNotExist_IsRefused(string? service, string? client, string? origin)
        => Assert.Throws<ControlException>(() => Filter(service, client, null, origin));

    [Fact]
    public void TryParse_IPv6Service_HasItsAddress()
    {
        Assert.True(EndpointText.TryParse("[2001:db8::1]:80", out IpFamily family, out Address address, out ushort port));
        Assert.Equal("[2001:db8::1]:80", EndpointText.Of(family, address, port));
    }

    private static ConnectionFilter Filter(string? service, string? client, string? state, string? origin)
        => new(new ControlRequest { Service = service, Client = client, State = state, Origin = origin });
}
