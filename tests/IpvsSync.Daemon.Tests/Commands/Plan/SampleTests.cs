using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Tests.Commands.Plan;

public sealed class SampleTests
{
    private const string Table = """
        Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
        TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
        TCP C0000202 DE97 CB00710A 01BB 0A00000B 01BB ESTABLISHED     899
        TCP C0000203 DE96 CB00710A 0015 0A00000B 0015 TIME_WAIT       110
        TCP C0000203 DE98 CB00710A 0015 0A00000B 0015 FIN_WAIT          1
        TCP C0000203 DE99 CB00710A 0015 0A00000B 0015 SYN_RECV          1
        UDP C6336400 1234 CB00710A 13C4 0A00000B 13C4 UDP             299
        UDP C6336400 0000 CB00710A 13C4 0A00000B 13C4 NONE            359 sip a84b4c76e66710
        IP  C6336500 0000 00000007 0000 0A00000B 0000 NONE            299
        TCP C0000202 0000 CB00710A 01BB 0A00000B 01BB ASSURED         300
        SCTP C0000202 DE98 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
        TCP 20010db8000000000000000000000007 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
        TCP 2001:0db8:0000:0000:0000:0000:0000:0007 DE96 2001:0db8:0000:0000:0000:0000:0000:0010 0050 fd00:0000:0000:0000:0000:0000:0000:000b 0050 CLOSE             9
        TCP C0000202 DE9 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
        TCP C0000202 DE96 CB00710A
        TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     never

        """;

    [Fact]
    public void Read_Table_IsCountedByKind()
    {
        TableSample sample = Read(Table);

        Assert.Equal((2, 1, 1, 1, 1), (sample.Established, sample.FinWait, sample.TimeWait, sample.Closed, sample.OtherTcp));
        Assert.Equal((1, 1, 3, 1), (sample.Udp, sample.OtherProtocols, sample.Templates, sample.IPv6));
        Assert.Equal(4, sample.Clients);
    }

    [Fact]
    public void Read_ConnectionsOfServicesWithTemplate_ArePersistent() => Assert.Equal(2, Read(Table).Persistent);

    [Fact]
    public void Read_MalformedLines_AreNamedAndPassedOver()
    {
        TableSample sample = Read(Table);

        Assert.Equal(4, sample.Malformed);
        Assert.Equal(
            [
                "line 12: '20010db8000000000000000000000007' is not an address", "line 14: 'DE9' is not a port",
                "line 15: 4 fields instead of 9", "line 16: 'never' is not a number of seconds",
            ],
            sample.Faults);
    }

    [Fact]
    public void Read_Nothing_IsEmpty() => Assert.Equal((0, 0, 0), (Read("").Connections, Read("").Templates, Read("").Malformed));

    [Fact]
    public void Derive_Closing_TellsRateAndLifetime()
    {
        var sample = new TableSample { Established = 2000, TimeWait = 12_000, Udp = 6400, Persistent = 2040, Clients = 700 };

        WorkloadOptions load = SampleWorkload.Derive(sample, new WorkloadOptions());

        Assert.Equal((120, 20), (load.ConnectionsPerSecond, load.Lifetime.Mean)); // 12000 / 120 s, and 6400 / (20 + 300) s of UDP
        Assert.Equal(20.0 / 120, load.UdpShare, 6);
        Assert.Equal((0.1, 700, 0), (load.PersistentShare, load.Clients, load.BusyConnections));
        Assert.True(load.HasReplies);
    }

    [Fact]
    public void Derive_NothingClosing_TakesTheLifetimeGiven()
    {
        var given = new WorkloadOptions { Lifetime = Distribution.Exponential(50) };

        WorkloadOptions load = SampleWorkload.Derive(new TableSample { Established = 500 }, given);

        Assert.Equal((10, 0), (load.ConnectionsPerSecond, load.UdpShare));
    }

    [Fact]
    public void Derive_ClosingInFinWait_IsDirectRouting()
        => Assert.False(SampleWorkload.Derive(new TableSample { FinWait = 120, TimeWait = 3 }, new WorkloadOptions()).HasReplies);

    [Fact]
    public void Derive_TableOfAWorkload_FindsTheWorkload()
    {
        var made = new WorkloadOptions { ConnectionsPerSecond = 50, BusyConnections = 0 };
        TableSample sample = Read(string.Join('\n', TableOf(made, 900)));

        WorkloadOptions found = SampleWorkload.Derive(sample, new WorkloadOptions());

        Assert.InRange(found.ConnectionsPerSecond, 45, 55);
        Assert.InRange(found.Lifetime.Mean, 17, 23);
        Assert.InRange(found.UdpShare, 0.17, 0.23);
        Assert.InRange(found.PersistentShare, 0.26, 0.34);
    }

    private static TableSample Read(string text) => SampleReader.Read(new StringReader(text));

    private static IEnumerable<string> TableOf(WorkloadOptions workload, int seconds)
    {
        var director = new EmbeddedDirector(new(), (in Protocol.ConnectionEntry _, SyncVerdict _) => { });
        WorkloadServices.AddTo(director);
        new SimulationDriver(director, new Workload(workload)).RunUntil(seconds * 1000L);
        foreach (Protocol.ConnectionEntry entry in director.Connections.Select(connection => connection.ToEntry(1000)))
        {
            string state = Protocol.ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate);
            yield return $"{Protocol.IpProtocol.Name(entry.Key.Protocol)} {Hex(entry.Key.Client)} {entry.Key.ClientPort:X4} "
                + $"{Hex(entry.Key.Virtual)} "
                + $"{entry.Key.VirtualPort:X4} {Hex(entry.Real)} {entry.RealPort:X4} {state,-11} {entry.Timeout,7}";
        }
    }

    private static string Hex(Protocol.Address address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.CopyTo(bytes);
        return Convert.ToHexString(bytes);
    }
}
