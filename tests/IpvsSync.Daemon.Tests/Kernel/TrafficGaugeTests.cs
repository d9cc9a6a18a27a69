using IpvsSync.Daemon.Kernel;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class TrafficGaugeTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("0", "1B", false)]
    [InlineData("1", "1B", true)]
    [InlineData("0", "1C", true)]
    public void Moved_CountersOfAProcessor_CountAndTotalsAndRatesDoNot(string connections, string packets, bool moved)
    {
        Write("0", "1B", "7");
        using var gauge = new TrafficGauge(_file);
        gauge.Moved();
        Write(connections, packets, "0");

        Assert.Equal(moved, gauge.Moved());
        Assert.False(gauge.Moved());
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
