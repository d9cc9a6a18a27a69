using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Commands.Client;

/// <summary>Beside what <c>ipvsadm -Lnc</c> 1.31 printed for the same connections.</summary>
public sealed class ConnectionTextTests
{
    [Fact]
    public void WriteHeader_AsIpvsadm() => Assert.Equal(
        "IPVS connection entries\npro expire state       source             virtual            destination\n", Text(ConnectionText.WriteHeader));

    [Theory]
    [InlineData(6, 1, 899, "192.0.2.2:56982", "203.0.113.10:21", "10.0.0.11:21",
        "TCP 14:59  ESTABLISHED 192.0.2.2:56982    203.0.113.10:21    10.0.0.11:21\n")]
    [InlineData(17, 0, 359, "198.51.100.0:0", "203.0.113.10:5060", "10.0.0.11:5060",
        "UDP 05:59  NONE        198.51.100.0:0     203.0.113.10:5060  10.0.0.11:5060\n", true)]
    [InlineData(0, 0, 299, "198.51.101.0:0", "0.0.0.7:0", "10.0.0.11:0",
        "IP  04:59  NONE        198.51.101.0:0     0.0.0.7:0          10.0.0.11:0\n", true)]
    [InlineData(6, 1, 899, "[2001:db8::7]:40001", "[2001:db8::100]:80", "[2001:db8::b]:8080",
        "TCP 14:59  ESTABLISHED [2001:db8::7]:40001 [2001:db8::100]:80 [2001:db8::b]:8080\n")]
    [InlineData(0, 0, 9, "[2001:db8::]:0", "[0:7::]:0", "[2001:db8::b]:0",
        "IP  00:09  NONE        [2001:db8::]:0     [0:7::]:0          [2001:db8::b]:0\n", true)]
    [InlineData(6, 7, 360000, "255.254.253.252:65535", "251.250.249.248:65534", "10.10.10.10:65533",
        "TCP 6000:00 CLOSE_WAIT  255.254.253.252:65535 251.250.249.248:65534 10.10.10.10:65533\n")]
    [InlineData(132, 8, 59, "198.51.100.7:20001", "203.0.113.10:80", "10.0.0.11:8080",
        "SCTP 00:59  ESTABLISHED 198.51.100.7:20001 203.0.113.10:80    10.0.0.11:8080\n")]
    [InlineData(50, 0, 60, "198.51.100.7:20001", "203.0.113.10:80", "10.0.0.11:8080",
        "IP_50 01:00  ERR!        198.51.100.7:20001 203.0.113.10:80    10.0.0.11:8080\n")]
    [InlineData(17, 0, 0, "198.51.100.7:20001", "203.0.113.10:80", "10.0.0.11:8080",
        "UDP 00:00  UDP         198.51.100.7:20001 203.0.113.10:80    10.0.0.11:8080\n")]
    public void Write_AsIpvsadm(
        byte protocol, ushort state, uint seconds, string source, string service, string server, string expected, bool isTemplate = false)
    {
        Assert.True(EndpointText.TryParse(source, out IpFamily family, out Address client, out ushort clientPort));
        Assert.True(EndpointText.TryParse(service, out _, out Address address, out ushort port));
        Assert.True(EndpointText.TryParse(server, out _, out Address real, out ushort realPort));
        var record = new ConnectionRecord
        {
            Entry = new ConnectionEntry
            {
                Key = new ConnectionKey
                {
                    Family = family, Protocol = protocol, Client = client, ClientPort = clientPort, Virtual = address, VirtualPort = port, IsTemplate = isTemplate,
                },
                Real = real,
                RealPort = realPort,
                State = state,
            },
            DeadlineMs = 7_000 + (seconds * 1000L) + 999,
            Origin = Origin.Peer,
        };

        Assert.Equal(expected, Text(output => ConnectionText.Write(ConnectionAnswer.Of(record, nowMs: 7_000, timeoutMargin: 20), output)));
    }

    [Fact]
    public void Expires_OfAnOwn_IsWithoutTheSlack()
    {
        var record = new ConnectionRecord { Entry = Entries.Tcp(1), DeadlineMs = 50_000, Origin = Origin.Local };

        Assert.Equal(30u, ConnectionAnswer.Of(record, nowMs: 0, timeoutMargin: 20).Expires);
        Assert.Equal(0u, ConnectionAnswer.Of(record, nowMs: 40_000, timeoutMargin: 20).Expires);
    }

    private static string Text(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
