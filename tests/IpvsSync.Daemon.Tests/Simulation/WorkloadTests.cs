using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Simulation;

public sealed class WorkloadTests
{
    private const int Enough = 20_000;

    [Fact]
    public void Next_SameSeed_MakesTheSamePackets()
    {
        WorkloadOptions options = new() { Seed = 42 };

        Assert.Equal(Take(options), Take(options));
        Assert.NotEqual(Take(options), Take(options with { Seed = 43 }));
    }

    [Fact]
    public void Next_Time_NeverRunsBack()
    {
        long[] times = [.. Take(new WorkloadOptions()).Select(packet => packet.AtMs)];

        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void Next_Shares_AreKept()
    {
        WorkloadOptions options = new() { UdpShare = 0.25, PersistentShare = 0.5, Packets = Distribution.Fixed(1), BusyConnections = 0 };

        Packet[] packets = [.. Take(options).Select(packet => packet.Packet)];

        // A TCP connection begins with its SYN, a UDP one is two packets.
        double tcp = packets.Count(packet => packet is { TcpFlags: TcpFlags.Syn });
        double udp = packets.Count(packet => packet.Protocol == IpProtocol.Udp) / 2;
        double persistent = packets.Count(packet => packet is { TcpFlags: TcpFlags.Syn, VirtualPort: 443 });
        Assert.InRange(udp / (tcp + udp), 0.22, 0.28);
        Assert.InRange(persistent / tcp, 0.45, 0.55);
    }

    [Fact]
    public void Next_OneConnection_IsAWholeLife()
    {
        WorkloadOptions options = new()
        {
            ConnectionsPerSecond = 0.001,
            UdpShare = 0,
            Packets = Distribution.Fixed(2),
            Lifetime = Distribution.Fixed(1),
            BusyConnections = 0,
        };

        (Packet Packet, long AtMs)[] life = [.. Take(options).Take(10)];

        long start = life[0].AtMs;
        Assert.Equal(
            ["Syn", "Syn, Ack <", "Ack", "Ack", "Ack <", "Ack", "Ack <", "Fin, Ack", "Fin, Ack <", "Ack"],
            life.Select(item => $"{item.Packet.TcpFlags}{(item.Packet.IsReply ? " <" : "")}"));
        Assert.Equal([0, 0, 0, 0, 0, 500, 500, 1000, 1000, 1000], life.Select(item => (int)Math.Round((item.AtMs - start) / 10.0) * 10));
    }

    [Fact]
    public void Next_BusyConnections_NeverEnd()
    {
        WorkloadOptions options = new() { ConnectionsPerSecond = 0, BusyConnections = 3, BusyPacketsPerSecond = 10, HasReplies = false };

        (Packet Packet, long AtMs)[] packets = Take(options);

        Assert.Equal(3, packets.Select(item => item.Packet.Key).Distinct().Count());
        Assert.InRange(packets[^1].AtMs, Enough / 30 * 1000L - 2000, Enough / 30 * 1000L + 2000);
    }

    [Fact]
    public void Next_NoTraffic_SaysSo()
        => Assert.False(new Workload(new WorkloadOptions { ConnectionsPerSecond = 0, BusyConnections = 0 }).Next(out _, out _));

    [Theory]
    [InlineData(DistributionShape.Fixed)]
    [InlineData(DistributionShape.Exponential)]
    [InlineData(DistributionShape.Pareto)]
    internal void Sample_Distribution_HasItsMean(DistributionShape shape)
    {
        Random random = new(5);
        double mean = Enumerable.Range(0, 1_000_000).Average(_ => new Distribution(shape, 10).Sample(random));

        Assert.InRange(mean, 9, 11);
    }

    [Fact]
    public void RunUntil_AnHour_IsTheSameInOneLeapAndInSteps()
    {
        const long hour = 3_600_000;
        (EmbeddedDirector director, SimulationDriver driver, List<ConnectionEntry> sent) = Simulation();
        (_, SimulationDriver steps, List<ConnectionEntry> sentInSteps) = Simulation();

        driver.RunUntil(hour);
        for (long now = 0; now <= hour; now += 1717)
            steps.RunUntil(now);
        steps.RunUntil(hour);

        Assert.Equal(driver.Packets, steps.Packets);
        Assert.True(driver.Packets > 100_000);
        Assert.True(sent.SequenceEqual(sentInSteps));
        Assert.Equal(sent.Count, Enum.GetValues<SyncVerdict>().Where(verdict => verdict.IsSend()).Sum(verdict => director.Tally[verdict]));
        Assert.All(sent, entry => Assert.NotEqual(0u, entry.Timeout));
    }

    private static (EmbeddedDirector Director, SimulationDriver Driver, List<ConnectionEntry> Sent) Simulation()
    {
        List<ConnectionEntry> sent = [];
        EmbeddedDirector director = new(new SyncSettings(), (in ConnectionEntry entry, SyncVerdict _) => sent.Add(entry));
        WorkloadServices.AddTo(director);
        return (director, new SimulationDriver(director, new Workload(new WorkloadOptions { ConnectionsPerSecond = 3 })), sent);
    }

    private static (Packet Packet, long AtMs)[] Take(WorkloadOptions options)
    {
        Workload workload = new(options);
        List<(Packet, long)> packets = [];
        while (packets.Count < Enough && workload.Next(out Packet packet, out long atMs))
            packets.Add((packet, atMs));
        return [.. packets];
    }
}
