using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;
using static IpvsSync.Daemon.Tests.Simulation.DirectorBed;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Simulation;

/// <summary>Connections and what is sent of them; see also <see cref="PersistenceTests"/> and <see cref="ExpiryTests"/>.</summary>
public sealed class EmbeddedDirectorTests
{
    private readonly DirectorBed _bed = new();

    [Fact]
    public void Receive_TcpByNat_SendsItsLife()
    {
        _bed.Tcp();
        Connection connection = _bed.Establish(1);
        Assert.Equal((IP_VS_TCP_S_ESTABLISHED, 2), (connection.State, connection.InPackets));
        Assert.Empty(_bed.Sent); // example 2

        _bed.Receive(TcpPacket(1, TcpFlags.Ack), TcpPacket(1, TcpFlags.Fin | TcpFlags.Ack));

        ConnectionEntry established = new()
        {
            Key = connection.Key, Real = Server(1), RealPort = Port, State = IP_VS_TCP_S_ESTABLISHED, Timeout = 900,
        };
        Assert.Equal(
            [
                established,
                established with
                {
                    State = IP_VS_TCP_S_CLOSE_WAIT, Timeout = 60, Flags = ConnectionFlags.IP_VS_CONN_F_INACTIVE,
                },
            ],
            _bed.Sent);
    }

    [Fact]
    public void Receive_TcpByDirectRouting_SendsItsLifeAsTheClientAloneShowsIt()
    {
        _bed.Tcp(ForwardingMethod.DirectRouting);
        _bed.Establish(1, hasReplies: false);

        _bed.Receive(TcpPacket(1, TcpFlags.Ack), TcpPacket(1, TcpFlags.Fin | TcpFlags.Ack));

        Assert.Equal([IP_VS_TCP_S_ESTABLISHED, IP_VS_TCP_S_FIN_WAIT], _bed.Sent.Select(entry => entry.State));
        Assert.Equal([900u, 120u], _bed.Sent.Select(entry => entry.Timeout));
        Assert.Equal([0x83u, 0x183u], _bed.Sent.Select(entry => (uint)entry.Flags));
    }

    [Theory]
    [InlineData(ForwardingMethod.Masquerade, 0x100)]
    [InlineData(ForwardingMethod.Local, 0x181)]
    [InlineData(ForwardingMethod.Tunnel, 0x182)]
    [InlineData(ForwardingMethod.DirectRouting, 0x183)]
    internal void Receive_Udp_IsInactiveAndShowsItsMethod(ForwardingMethod forwarding, uint expected)
    {
        _bed.Service(UdpScheduledBy(default), forwarding, 1);

        _bed.Receive(UdpPacket(1), UdpPacket(1), UdpPacket(1));

        ConnectionEntry entry = Assert.Single(_bed.Sent);
        Assert.Equal((expected, 300u, (ushort)0), ((uint)entry.Flags, entry.Timeout, entry.State));
    }

    [Fact]
    public void Receive_SctpAssociation_IsActiveWhenEstablished()
    {
        VirtualService service = _bed.Service(new() { Protocol = IpProtocol.Sctp, Port = Port }, ForwardingMethod.Masquerade, 1);
        _bed.Receive(SctpPacket(1, SctpChunk.Init), SctpPacket(1, SctpChunk.InitAck) with { IsReply = true });
        Assert.Equal(1, service.Servers[0].Inactive);

        _bed.Receive(SctpPacket(1, SctpChunk.CookieEcho), SctpPacket(1, SctpChunk.CookieAck) with { IsReply = true });

        Assert.Equal((1, 0), (service.Servers[0].Active, service.Servers[0].Inactive));
        _bed.Receive(SctpPacket(1, SctpChunk.Data));
        Assert.Equal((IP_VS_SCTP_S_ESTABLISHED, 900u), (_bed.Sent.Single().State, _bed.Sent.Single().Timeout));
    }

    [Fact]
    public void Receive_Replies_AreNeverAReasonToSend()
    {
        _bed.Tcp();
        _bed.Establish(1);
        Packet reply = TcpPacket(1, TcpFlags.Ack) with { IsReply = true };
        for (int i = 0; i < 200; i++)
            _bed.Receive(reply);
        _bed.Receive(reply with { TcpFlags = TcpFlags.Rst });

        Assert.Empty(_bed.Sent);
        _bed.Receive(TcpPacket(1, TcpFlags.Ack)); // the client's next packet tells (spec §4.1)
        Assert.Equal(IP_VS_TCP_S_CLOSE, _bed.Sent.Single().State);
    }

    [Fact]
    public void Receive_WhatBeginsNothing_IsNotCarried()
    {
        _bed.Tcp();
        _bed.Service(new() { Protocol = IpProtocol.Sctp, Port = Port }, ForwardingMethod.Masquerade, 1);

        Assert.False(_bed.Receive(TcpPacket(1, TcpFlags.Ack)));
        Assert.False(_bed.Receive(TcpPacket(1, TcpFlags.Syn | TcpFlags.Rst)));
        Assert.False(_bed.Receive(TcpPacket(1, TcpFlags.Syn) with { IsReply = true }));
        Assert.False(_bed.Receive(TcpPacket(1, TcpFlags.Syn) with { VirtualPort = 81 }));
        Assert.False(_bed.Receive(SctpPacket(1, SctpChunk.Data)));
        Assert.False(_bed.Receive(UdpPacket(1)));
        Assert.Empty(_bed.Director.Connections);
    }

    [Fact]
    public void Receive_NoServerTakesAny_IsNotCarried()
    {
        _bed.Service(UdpScheduledBy(default), ForwardingMethod.Masquerade, 0);

        Assert.False(_bed.Receive(UdpPacket(1)));
    }

    [Fact]
    public void Receive_OnePacket_LeavesNothingAndSendsNothing()
    {
        VirtualService service = _bed.Udp(isOnePacket: true);

        for (int i = 0; i < 10; i++)
            Assert.True(_bed.Receive(UdpPacket(1)));

        Assert.Empty(_bed.Director.Connections);
        Assert.Empty(_bed.Sent);
        Assert.Equal(10, _bed.Director.Tally[SyncVerdict.OnePacket]);
        Assert.Equal(0, service.Servers[0].Inactive);
    }

    [Fact]
    public void Receive_Mark_ComesBeforeTheAddress()
    {
        _bed.Udp();
        VirtualService marked = _bed.Service(new() { Fwmark = 7 }, ForwardingMethod.DirectRouting, 1, 1);

        _bed.Receive(UdpPacket(1) with { Fwmark = 7 }, UdpPacket(1), UdpPacket(1));

        ConnectionEntry entry = _bed.Sent.Single();
        Assert.Equal((7u, Server(2), Port), (entry.Fwmark, entry.Real, entry.RealPort));
        Assert.Equal(1, marked.Servers[0].Inactive);
    }

    [Fact]
    public void Receive_KernelOf100Ticks_TellsSecondsAllTheSame()
    {
        DirectorBed bed = new(new SyncSettings { TicksPerSecond = 100 });
        bed.Udp();

        bed.Receive(UdpPacket(1), UdpPacket(1), UdpPacket(1));

        Assert.Equal(300u, bed.Sent.Single().Timeout);
        bed.Wait(299.9);
        Assert.Single(bed.Director.Connections);
        bed.Wait(0.2);
        Assert.Empty(bed.Director.Connections);
    }
}
