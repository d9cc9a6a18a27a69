using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using static IpvsSync.Daemon.Tests.Simulation.DirectorBed;

namespace IpvsSync.Daemon.Tests.Simulation;

public sealed class PersistenceTests
{
    private const ConnectionFlags Template = ConnectionFlags.IP_VS_CONN_F_TEMPLATE;

    private readonly DirectorBed _bed = new();

    [Theory]
    [InlineData(SyncVersion.V1, 10)] // both counts: spec §4.5
    [InlineData(SyncVersion.V0, 1)]
    internal void Receive_TenUdpPackets_SendOneConnectionAndTheTemplateAsTheVersionDoes(SyncVersion version, int templates)
    {
        DirectorBed bed = new(new SyncSettings { Version = version });
        bed.Udp(persistence: 360);

        for (int i = 0; i < 10; i++)
            bed.Receive(UdpPacket(1));

        Assert.Single(bed.SentConnections);
        Assert.Equal(templates, bed.SentTemplates.Count());
    }

    [Theory]
    [InlineData(ForwardingMethod.Masquerade, 0x1100)]
    [InlineData(ForwardingMethod.DirectRouting, 0x1183)]
    internal void Receive_Tcp_TellsItsTemplateAndLaterThatItIsAssured(ForwardingMethod forwarding, uint flags)
    {
        _bed.Tcp(forwarding, persistence: 360);

        _bed.Establish(1, hasReplies: forwarding == ForwardingMethod.Masquerade);

        ConnectionEntry first = new()
        {
            Key = _bed.Find(TcpPacket(1, TcpFlags.None))!.Key with { IsTemplate = true, ClientPort = 0 },
            Real = Server(1),
            RealPort = Port,
            Flags = (ConnectionFlags)flags,
            Timeout = 360,
        };
        Assert.Equal([first, first with { State = ConnectionState.IP_VS_CTPL_S_ASSURED }], _bed.SentTemplates);
        Assert.Equal(1, _bed.Template().Server.Persistent);
    }

    [Fact]
    public void Receive_UdpReply_AssuresTheTemplate()
    {
        _bed.Udp(persistence: 360);
        _bed.Receive(UdpPacket(1));
        Assert.Equal(ConnectionState.IP_VS_CTPL_S_NONE, _bed.Template().State);

        _bed.Receive(UdpPacket(1) with { IsReply = true });

        Assert.Equal(ConnectionState.IP_VS_CTPL_S_ASSURED, _bed.Template().State);
    }

    [Fact]
    public void Receive_OnePacket_StillTellsItsTemplate()
    {
        _bed.Udp(persistence: 360, isOnePacket: true);

        _bed.Receive(UdpPacket(1), UdpPacket(1));

        Assert.Equal(Template, _bed.Sent[0].Flags & (Template | ConnectionFlags.IP_VS_CONN_F_ONE_PACKET));
        Assert.Equal(2, _bed.SentTemplates.Count());
        Assert.Equal(0, _bed.Template().Controlled);
    }

    [Fact]
    public void Receive_ClientsOfOneNetwork_ShareTemplateAndServer()
    {
        VirtualServiceOptions options = new() { Protocol = IpProtocol.Udp, Port = Port, PersistenceTimeout = 360, PrefixLength = 26 };
        _bed.Service(options, ForwardingMethod.Masquerade, 1, 1);

        int[] servers = _bed.Schedule(130);

        Assert.All(servers[..63], server => Assert.Equal(2, server));
        Assert.All(servers[63..127], server => Assert.Equal(1, server));
        Assert.Equal(
            [Client(0), Client(64), Client(128)],
            _bed.Director.Connections.Where(connection => connection.Key.IsTemplate).Select(connection => connection.Key.Client));
    }

    [Fact]
    public void Receive_ServiceOnAllPorts_HasOneTemplateForThemAndKeepsTheClientsPort()
    {
        _bed.Service(new() { Protocol = IpProtocol.Tcp, PersistenceTimeout = 360 }, ForwardingMethod.Masquerade, 1, 1);

        _bed.Receive(TcpPacket(1, TcpFlags.Syn), TcpPacket(1, TcpFlags.Syn) with { VirtualPort = 443 });

        Connection template = _bed.Template();
        Assert.Equal((0, 0, 0), (template.Key.ClientPort, template.Key.VirtualPort, template.RealPort));
        Assert.Equal((2, 2), (template.Controlled, template.InPackets));
        Connection second = _bed.Find(TcpPacket(1, TcpFlags.None) with { VirtualPort = 443 })!;
        Assert.Equal((443, template.Server), (second.RealPort, second.Server));
    }

    [Fact]
    public void Receive_ServiceOnOnePort_ComesBeforeTheOneOnAll()
    {
        _bed.Service(new() { Protocol = IpProtocol.Udp, PersistenceTimeout = 360 }, ForwardingMethod.Masquerade, 1);
        _bed.Service(UdpScheduledBy(SchedulerKind.Rr), ForwardingMethod.Masquerade, 1);

        _bed.Receive(UdpPacket(1));

        Assert.Null(_bed.Find(UdpPacket(1))!.Controller);
    }

    [Theory]
    [InlineData(IpFamily.IPv4, new byte[] { 0, 0, 1, 7 })]
    [InlineData(IpFamily.IPv6, new byte[] { 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    internal void Receive_MarkService_NamesItsTemplateByTheMark(IpFamily family, byte[] expected)
    {
        _bed.Service(new() { Family = family, Fwmark = 0x107, PersistenceTimeout = 300 }, ForwardingMethod.DirectRouting, 1);
        Packet packet = UdpPacket(1) with { Family = family, Fwmark = 0x107 };

        _bed.Receive(packet, packet with { Protocol = IpProtocol.Tcp, TcpFlags = TcpFlags.Syn, VirtualPort = 443 });

        Connection template = _bed.Template();
        byte[] mark = new byte[expected.Length];
        template.Key.Virtual.CopyTo(mark);
        Assert.Equal(expected, mark);
        Assert.Equal((IpProtocol.Ip, 0, 0, 0x107u), (template.Key.Protocol, template.Key.VirtualPort, template.RealPort, template.Fwmark));
        Assert.Equal(2, template.Controlled);
    }

    [Fact]
    public void AddService_PortZeroWithoutPersistence_IsRefused()
        => Assert.Throws<ArgumentException>(() => _bed.Service(new() { Protocol = IpProtocol.Tcp }, ForwardingMethod.Masquerade));
}
