using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using static IpvsSync.Daemon.Tests.Simulation.DirectorBed;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Simulation;

/// <summary>A client's port that begins a connection while the director still has the last one of it.</summary>
public sealed class PortReuseTests
{
    private readonly DirectorBed _bed = new();

    [Theory]
    [InlineData(IP_VS_TCP_S_FIN_WAIT)]
    [InlineData(IP_VS_TCP_S_CLOSE_WAIT)]
    [InlineData(IP_VS_TCP_S_LAST_ACK)]
    public void Receive_SynInAStateThatIsNotTheEnd_IsTheOldConnection(ushort state)
    {
        _bed.Tcp();
        Connection old = _bed.Establish(1);
        old.State = state;

        _bed.Receive(TcpPacket(1, TcpFlags.Syn));

        Assert.Same(old, _bed.Find(TcpPacket(1, TcpFlags.None)));
    }

    [Fact]
    public void Receive_SynAndRstOnClosed_LeavesNothing()
    {
        VirtualService service = _bed.Tcp();
        _bed.Establish(1).State = IP_VS_TCP_S_CLOSE;

        Assert.False(_bed.Receive(TcpPacket(1, TcpFlags.Syn | TcpFlags.Rst)));

        Assert.Empty(_bed.Director.Connections);
        Assert.Equal(0, service.Servers[0].Active + service.Servers[0].Inactive);
    }

    [Fact]
    public void Receive_SynOnClosed_ServerIsChosenWhileTheOldConnectionCounts()
    {
        _bed.Service(
            new() { Protocol = IpProtocol.Tcp, Port = Port, Scheduler = SchedulerKind.Lc }, ForwardingMethod.Masquerade, 1, 1);
        Connection old = _bed.Establish(1);
        _bed.Receive(TcpPacket(1, TcpFlags.Rst), TcpPacket(1, TcpFlags.Syn));

        Assert.NotSame(old.Server, _bed.Find(TcpPacket(1, TcpFlags.None))!.Server);
        Assert.Equal((0, 0), (old.Server.Active, old.Server.Inactive));
    }
}
