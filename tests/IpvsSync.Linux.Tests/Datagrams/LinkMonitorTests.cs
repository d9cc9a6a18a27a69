using System.Net;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Linux.Tests.Datagrams;

/// <summary>A veth pair of a namespace of its own: one end is watched, the other gives or takes its carrier.</summary>
public sealed class LinkMonitorTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private static readonly MulticastEndpoint s_endpoint = new() { Interface = "sync0", Group = IPAddress.Parse("239.255.77.88"), Port = 8848 };

    [Fact]
    public void Read_NoSuchInterface_IsNull() => PrivateNetwork.Run(() =>
    {
        using var monitor = LinkMonitor.Open(s_endpoint);
        Assert.Null(monitor.Read());
    });

    [Fact]
    public void Read_InterfaceIsSetUpStepByStep_TellsEachStep() => PrivateNetwork.Run(() =>
    {
        IpCommand.Run("link add sync0 mtu 1400 type veth peer name peer0");
        using var monitor = LinkMonitor.Open(s_endpoint);
        LinkState made = monitor.Read()!;
        Assert.Equal(new LinkState(made.Index, IsUp: false, HasCarrier: false, Mtu: 1400, Source: null), made);

        IpCommand.Run("link set sync0 up");
        Assert.Equal(made with { IsUp = true }, monitor.Read());

        IpCommand.Run("link set peer0 up");
        AwaitState(monitor, state => state.HasCarrier);

        IpCommand.Run("addr add 192.0.2.1/24 dev sync0");
        Assert.Equal(made with { IsUp = true, HasCarrier = true, Source = SourceAddress.From(IPAddress.Parse("192.0.2.1")) }, monitor.Read());
    });

    [Fact]
    public void Read_IPv6Group_TellsAnIPv6Source() => PrivateNetwork.Run(() =>
    {
        IpCommand.Run("""
            link add sync0 type veth peer name peer0
            link set peer0 up
            link set sync0 up
            addr add 192.0.2.1/24 dev sync0
            addr add 2001:db8::7/64 dev sync0 nodad
            """);
        using var monitor = LinkMonitor.Open(s_endpoint with { Group = IPAddress.Parse("ff02::4d58") });
        AwaitState(monitor, state => state.Source is { IsIPv6: true });
    });

    [Theory]
    [InlineData("link set sync0 down")]
    [InlineData("link set peer0 down")]
    [InlineData("link del sync0")]
    [InlineData("link set sync0 mtu 1300")]
    [InlineData("addr add 192.0.2.1/24 dev sync0")]
    public void Wait_InterfaceChanges_Ends(string change) => PrivateNetwork.Run(() =>
    {
        IpCommand.Run("""
            link add sync0 type veth peer name peer0
            link set peer0 up
            link set sync0 up
            """);
        using var monitor = LinkMonitor.Open(s_endpoint);
        AwaitState(monitor, state => state.HasCarrier);
        while (monitor.Wait(TimeSpan.FromMilliseconds(500)))
            continue; // until the notices of the setup are over
        LinkState? before = monitor.Read();
        IpCommand.Run(change);

        Assert.True(monitor.Wait(s_timeout));
        Assert.True(SpinWait.SpinUntil(() => monitor.Read() != before, s_timeout));
    });

    [Fact]
    public void Wait_NothingChanges_EndsWithItsTime() => PrivateNetwork.Run(() =>
    {
        using var monitor = LinkMonitor.Open(s_endpoint);
        Assert.False(monitor.Wait(TimeSpan.FromMilliseconds(10)));
    });

    [Fact]
    public void Shutdown_Waiting_EndsAndStaysEnded() => PrivateNetwork.Run(() =>
    {
        using var monitor = LinkMonitor.Open(s_endpoint);
        var stopper = new Thread(monitor.Shutdown);
        stopper.Start();
        Assert.False(monitor.Wait(Timeout.InfiniteTimeSpan));
        stopper.Join();
        Assert.False(monitor.Wait(Timeout.InfiniteTimeSpan));
    });

    private static void AwaitState(LinkMonitor monitor, Func<LinkState, bool> condition)
        => Assert.True(SpinWait.SpinUntil(() => monitor.Read() is { } state && condition(state), s_timeout));
}
