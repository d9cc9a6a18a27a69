using IpvsSync.Daemon.Kernel;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class IpvsPacketCounterTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("0", 0x0A)]
    [InlineData("1B", 0x25)]
    [InlineData("FFFFFFFF", 0x100000009)]
    public void Packets_SeveralProcessors_AreAddedUp(string packets, long sum)
    {
        Write("1", packets, "7");
        using var counter = new IpvsPacketCounter(_file);

        Assert.Equal(sum, counter.Packets());
    }

    [Fact]
    public void Packets_CountersChange_AreReadAgain()
    {
        Write("0", "1", "0");
        using var counter = new IpvsPacketCounter(_file);
        counter.Packets();
        Write("0", "2", "0");

        Assert.Equal(0x0C, counter.Packets());
    }

    [Fact]
    public void Packets_ProcessorsOfALargeMachine_AllCount()
    {
        File.WriteAllText(_file, "       Total Incoming Outgoing         Incoming         Outgoing\nCPU    Conns  Packets  Packets            Bytes            Bytes\n"
            + string.Concat(Enumerable.Range(0, 512).Select(cpu => $"{cpu,3:X} {"0",8} {"1",8} {"0",8} {"5F0",16} {"0",16}\n"))
            + $"  ~ {"0",8} {"0",8} {"0",8} {"0",16} {"0",16}\n");
        using var counter = new IpvsPacketCounter(_file);

        Assert.Equal(512, counter.Packets());
    }

    /// <summary>The file as the kernel prints it, with two processors.</summary>
    private void Write(string connections, string packetsIn, string rate) => File.WriteAllText(
        _file,
        "       Total Incoming Outgoing         Incoming         Outgoing\n"
        + "CPU    Conns  Packets  Packets            Bytes            Bytes\n"
        + $"  0 {"0",8} {"A",8} {"0",8} {"5F0",16} {"0",16}\n"
        + $"  1 {connections,8} {packetsIn,8} {"0",8} {"5F0",16} {"0",16}\n"
        + $"  ~ {rate,8} {rate,8} {"0",8} {rate,16} {"0",16}\n\n"
        + "     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"
        + $"    {rate,8} {rate,8} {"0",8} {rate,16} {"0",16}\n");
}
