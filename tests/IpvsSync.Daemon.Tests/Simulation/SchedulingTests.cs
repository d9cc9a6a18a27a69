using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using static IpvsSync.Daemon.Tests.Simulation.DirectorBed;

namespace IpvsSync.Daemon.Tests.Simulation;

/// <summary>Which real server a connection gets; the server with the highest number is the newest.</summary>
public sealed class SchedulingTests
{
    private readonly DirectorBed _bed = new();

    [Fact]
    public void Rr_ServersInTurn_NewestFirst()
    {
        VirtualService service = _bed.Service(UdpScheduledBy(SchedulerKind.Rr), ForwardingMethod.Masquerade, 1, 5, 1);

        Assert.Equal([3, 2, 1, 3, 2], _bed.Schedule(5));
        service.Servers[2].Weight = 0; // number 1, whose turn it is
        _bed.Receive(UdpPacket(6));
        Assert.Equal(Server(3), _bed.Find(UdpPacket(6))!.Server.Address);
    }

    [Fact]
    public void Wrr_Weights_AreSharesOfARoundAfterOneForEach()
    {
        _bed.Service(UdpScheduledBy(SchedulerKind.Wrr), ForwardingMethod.Masquerade, 2, 6, 4, 0);

        Assert.Equal([3, 2, 1, 2, 3, 2, 3, 2, 1, 2, 3, 2, 3, 2, 1], _bed.Schedule(15));
    }

    [Fact]
    public void Lc_Weights_DoNotMatter()
    {
        _bed.Service(UdpScheduledBy(SchedulerKind.Lc), ForwardingMethod.Masquerade, 1, 9);

        Assert.Equal([2, 1, 2, 1], _bed.Schedule(4));
    }

    [Fact]
    public void Wlc_Load_IsInProportionToWeight()
    {
        _bed.Service(UdpScheduledBy(SchedulerKind.Wlc), ForwardingMethod.Masquerade, 2, 1, 0);

        Assert.Equal([2, 1, 1, 2, 1, 1], _bed.Schedule(6));
    }

    [Theory]
    [InlineData(SchedulerKind.Lc)]
    [InlineData(SchedulerKind.Wlc)]
    internal void LeastConnections_ActiveOnes_CountFor256Inactive(SchedulerKind scheduler)
    {
        VirtualService service = _bed.Service(UdpScheduledBy(scheduler), ForwardingMethod.Masquerade, 1, 1);
        RealServer newest = service.Servers[0];
        newest.Count(0, 1);

        Assert.All(_bed.Schedule(255), server => Assert.Equal(1, server));
        _bed.Receive(UdpPacket(256), UdpPacket(257));
        Assert.Equal(Server(1), _bed.Find(UdpPacket(256))!.Server.Address);
        Assert.Equal(Server(2), _bed.Find(UdpPacket(257))!.Server.Address);
    }

    [Fact]
    public void Sh_Client_KeepsItsServer()
    {
        _bed.Service(UdpScheduledBy(SchedulerKind.Sh), ForwardingMethod.Masquerade, 1, 3);
        int[] first = _bed.Schedule(200);
        _bed.Wait(301);
        Assert.Empty(_bed.Director.Connections);

        Assert.Equal(first, _bed.Schedule(200));
        Assert.InRange(first.Count(server => server == 1), 20, 80); // a quarter of 200, more or less
    }

    [Fact]
    public void Sh_ClientOfAServerWithoutWeight_IsRefused()
    {
        VirtualService service = _bed.Service(UdpScheduledBy(SchedulerKind.Sh), ForwardingMethod.Masquerade, 1, 0);

        int refused = Enumerable.Range(1, 200).Count(client => !_bed.Receive(UdpPacket(client)));

        Assert.InRange(refused, 70, 130);
        Assert.Equal(200 - refused, service.Servers[1].Inactive);
    }
}
