using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;
using static IpvsSync.Daemon.Tests.Simulation.DirectorBed;

namespace IpvsSync.Daemon.Tests.Simulation;

public sealed class ExpiryTests
{
    private readonly DirectorBed _bed = new();

    [Fact]
    public void AdvanceTo_IdleConnection_GoesAtItsTimeout()
    {
        VirtualService service = _bed.Udp();
        _bed.Receive(UdpPacket(1));

        _bed.Wait(299.999);
        Assert.Single(_bed.Director.Connections);
        _bed.Wait(0.001);

        Assert.Empty(_bed.Director.Connections);
        Assert.Equal(0, service.Servers[0].Inactive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdvanceTo_PacketFromEitherSide_StartsTheTimeoutAnew(bool isReply)
    {
        _bed.Udp();
        _bed.Receive(UdpPacket(1));
        _bed.Wait(200);

        _bed.Receive(UdpPacket(1) with { IsReply = isReply });

        _bed.Wait(299);
        Assert.Single(_bed.Director.Connections);
        _bed.Wait(1);
        Assert.Empty(_bed.Director.Connections);
    }

    [Fact]
    public void AdvanceTo_StateWithAShorterTimeout_BringsTheEndForward()
    {
        _bed.Tcp();
        _bed.Establish(1);
        _bed.Wait(120); // the timer has been put off once by now

        _bed.Receive(TcpPacket(1, TcpFlags.Rst));

        Assert.Equal(10_000, _bed.Find(TcpPacket(1, TcpFlags.None))!.Timeout);
        _bed.Wait(9.999);
        Assert.Single(_bed.Director.Connections);
        _bed.Wait(0.001);
        Assert.Empty(_bed.Director.Connections);
    }

    [Fact]
    public void AdvanceTo_OneLeap_IsTheSameAsManySteps()
    {
        DirectorBed steps = new();
        foreach (DirectorBed bed in new[] { _bed, steps })
        {
            bed.Tcp(persistence: 100);
            bed.Establish(1);
            bed.Receive(TcpPacket(2, TcpFlags.Syn));
        }

        _bed.Wait(2000);
        for (int i = 0; i < 2000; i++)
            steps.Wait(1);

        Assert.Equal(steps.Sent, _bed.Sent);
        Assert.Empty(_bed.Director.Connections);
    }

    [Fact]
    public void AdvanceTo_TemplateWithConnections_LivesOnAMinuteAtATimeAndIsSent() // spec §4.1, item 2
    {
        _bed.Tcp(persistence: 100);
        _bed.Establish(1); // lives 900 s
        _bed.Sent.Clear();

        _bed.Wait(100);
        Assert.Equal([60u], _bed.SentTemplates.Select(entry => entry.Timeout));
        _bed.Wait(60 * 13);
        Assert.Equal(14, _bed.Sent.Count);
        Assert.Equal(2, _bed.Director.Connections.Count);

        _bed.Wait(20); // 900 s: the connection goes
        Assert.Equal(_bed.Template(), Assert.Single(_bed.Director.Connections));
        _bed.Wait(40); // 940 s: and the template, without a word
        Assert.Empty(_bed.Director.Connections);
        Assert.Equal(14, _bed.Sent.Count);
    }

    [Fact]
    public void AdvanceTo_ControlConnection_IsEvaluatedAsIfAtItsThreshold() // example 25
    {
        _bed.Tcp();
        Connection control = _bed.Establish(1);
        _bed.Receive(TcpPacket(1, TcpFlags.Fin | TcpFlags.Ack));
        _bed.Establish(2).HangFrom(control);
        _bed.Sent.Clear();

        _bed.Wait(120);

        ConnectionEntry entry = _bed.Sent[0];
        Assert.Equal((Client(1), 60u, control.State), (entry.Key.Client, entry.Timeout, entry.State));
        Assert.Equal(60_000, control.Timeout);
    }

    [Fact]
    public void AdvanceTo_DeferredTemplate_IsOutsideTheRefreshWindow()
    {
        DirectorBed bed = new(new SyncSettings { RefreshTicks = 1_000_000 });
        bed.Tcp(persistence: 100);
        bed.Establish(1);
        Assert.Single(bed.SentTemplates);

        bed.Wait(100); // the end moves by 60 s, more than half of the timeout

        Assert.Equal(2, bed.SentTemplates.Count());
    }

    [Fact]
    public void Receive_NewConnectionUnderATemplate_StartsItsTimerAnew()
    {
        _bed.Udp(persistence: 100);
        _bed.Receive(UdpPacket(1));
        _bed.Wait(90);
        _bed.Receive(UdpPacket(1)); // a packet does not
        Assert.Equal(9_999, _bed.Template().ExpiresAt - _bed.Director.Now);

        _bed.Receive(UdpPacket(1) with { ClientPort = 40001 });

        Assert.Equal(100_000, _bed.Template().ExpiresAt - _bed.Director.Now);
    }
}
