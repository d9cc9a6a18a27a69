using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class ChainWalkTests
{
    private static readonly SyncSettings _v0 = new() { Version = SyncVersion.V0 };
    private static readonly SyncSettings _v1 = new();

    private readonly TestLink _template = new("template") { IsTemplate = true };

    [Fact]
    public void Run_Version1_SendsTheTemplateWithEveryPacket() // spec §4.5: 10 template entries and 1 connection entry
    {
        TestLink connection = new("connection", _template) { Protocol = IpProtocol.Udp };

        List<string> sent = Packets(connection, 10, _v1);

        Assert.Equal(10, sent.Count(name => name == "template"));
        Assert.Equal(1, sent.Count(name => name == "connection"));
        Assert.Equal(10, _template.Packets);
    }

    [Fact]
    public void Run_Version0_SendsTheTemplateWithTheConnectionOnly() // spec §4.5: 1 connection, 1 template
    {
        TestLink connection = new("connection", _template) { Protocol = IpProtocol.Udp };

        Assert.Equal(["connection", "template"], Packets(connection, 10, _v0));
        Assert.Equal(1, _template.Packets);
    }

    [Fact]
    public void Run_FtpData_AsksForTheControlConnectionAsIfAtItsThresholdAndForItsTemplate() // example 22
    {
        TestLink control = new("control", _template);
        TestLink data = new("data", control);

        Assert.Equal(["control", "template", "control", "template", "data", "control", "template"], Packets(data, 3, _v1));
        Assert.Equal(0, control.Packets);
    }

    [Fact]
    public void Run_PersistMode_SendsTheTemplateAlone() // example 21
    {
        TestLink connection = new("connection", _template);

        Assert.Equal(["template", "template", "template"], Packets(connection, 3, _v1 with { PersistMode = true }));
    }

    [Fact]
    public void Run_TemplateWithoutPeriod_GoesOnceAtItsThreshold() // example 26
    {
        TestLink connection = new("connection", _template) { Protocol = IpProtocol.Udp };

        Assert.Equal(["connection", "template"], Packets(connection, 10, _v1 with { Period = 0 }));
    }

    [Fact]
    public void Run_RefreshPeriod_StopsTheTemplateStorm()
    {
        TestLink connection = new("connection", _template) { Protocol = IpProtocol.Udp };

        Assert.Equal(["template", "connection"], Packets(connection, 10, _v1 with { RefreshTicks = 60_000 }));
    }

    [Theory]
    [InlineData(SyncVersion.V1, "template")]
    [InlineData(SyncVersion.V0)]
    public void Run_OnePacket_ReachesItsTemplateInVersion1Only(SyncVersion version, params string[] expected)
    {
        TestLink connection = new("connection", _template) { Protocol = IpProtocol.Udp, IsOnePacket = true };

        Assert.Equal(expected, Packets(connection, 1, new SyncSettings { Version = version }));
    }

    [Fact]
    public void Run_IPv6InVersion0_EndsAtOnce()
    {
        TestLink template = new("template") { IsTemplate = true, Family = IpFamily.IPv6 };
        TestLink connection = new("connection", template) { Family = IpFamily.IPv6 };

        Assert.Empty(Packets(connection, 5, _v0));
        Assert.Equal(0, template.Packets);
    }

    [Fact]
    public void Run_EveryDecision_IsToldInOrder()
    {
        List<string> told = [];

        ChainWalk.Run(new TestLink("connection", _template), 1, 1_000_003, _v1, (link, verdict) => told.Add($"{link} {verdict}"));

        Assert.Equal(["connection OutsidePacketRule", "template Template"], told);
    }

    private static List<string> Packets(TestLink connection, int count, SyncSettings settings)
    {
        List<string> sent = [];
        for (int packet = 1; packet <= count; packet++)
            ChainWalk.Run(connection, packet, 1_000_003 + packet, settings, Note);
        return sent;

        void Note(TestLink link, SyncVerdict verdict)
        {
            if (verdict.IsSend())
                sent.Add($"{link}");
        }
    }
}
