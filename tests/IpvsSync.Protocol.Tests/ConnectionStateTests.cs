namespace IpvsSync.Protocol.Tests;

/// <summary>Checks the tables of spec §8.5 and §8.6 in full.</summary>
public sealed class ConnectionStateTests
{
    private static readonly string[] _tcp =
    [
        "NONE 2", "ESTABLISHED 900", "SYN_SENT 120", "SYN_RECV 60", "FIN_WAIT 120", "TIME_WAIT 120", "CLOSE 10", "CLOSE_WAIT 60",
        "LAST_ACK 30", "LISTEN 120", "SYNACK 120",
    ];

    private static readonly string[] _sctp =
    [
        "NONE 2", "INIT1 4", "INIT 61", "C-SENT 61", "C-REPLIED 61", "C-WAIT 61", "COOKIE 61", "C-ECHOED 61", "ESTABLISHED 900",
        "S-SENT 61", "S-RECEIVED 61", "S-ACK-SENT 61", "REJECTED 4", "CLOSED 61",
    ];

    [Fact]
    public void NameAndDefaultTimeout_EachProtocol_AreTheTables()
    {
        Assert.Equal(_tcp, Table(IpProtocol.Tcp));
        Assert.Equal(_sctp, Table(IpProtocol.Sctp));
        Assert.Equal(["UDP 300"], Table(IpProtocol.Udp));
        Assert.Equal(["ERR! 180"], Table(IpProtocol.Ah));
        Assert.Equal(["ERR! 180"], Table(IpProtocol.Esp));
        Assert.Empty(Table(99));
        Assert.Empty(Table(IpProtocol.Ip));
    }

    [Fact]
    public void Names_KernelConstants_PointAtTheirRows()
    {
        Assert.Equal("ESTABLISHED 900", _tcp[ConnectionState.IP_VS_TCP_S_ESTABLISHED]);
        Assert.Equal("SYNACK 120", _tcp[ConnectionState.IP_VS_TCP_S_SYNACK]);
        Assert.Equal("ESTABLISHED 900", _sctp[ConnectionState.IP_VS_SCTP_S_ESTABLISHED]);
        Assert.Equal("CLOSED 61", _sctp[ConnectionState.IP_VS_SCTP_S_CLOSED]);
    }

    [Theory]
    [InlineData(IpProtocol.Tcp, 0, "NONE")]
    [InlineData(IpProtocol.Ip, 0, "NONE")]
    [InlineData(IpProtocol.Tcp, 1, "ASSURED")]
    [InlineData(IpProtocol.Tcp, 2, "ERR!")]
    public void Name_Template_HasItsOwnStates(byte protocol, ushort state, string expected)
    {
        Assert.Equal(expected, ConnectionState.Name(protocol, state, isTemplate: true));
        Assert.Equal(180u, ConnectionState.DefaultTimeout(protocol, state, isTemplate: true));
    }

    [Fact]
    public void Name_OutOfRange_IsAnError()
    {
        Assert.Equal("ERR!", ConnectionState.Name(IpProtocol.Tcp, 11, isTemplate: false));
        Assert.Equal(180u, ConnectionState.DefaultTimeout(IpProtocol.Tcp, 11));
    }

    private static IEnumerable<string> Table(byte protocol) =>
        Enumerable.Range(0, ConnectionState.StateCount(protocol)).Select(state => Row(protocol, (ushort)state));

    private static string Row(byte protocol, ushort state) =>
        $"{ConnectionState.Name(protocol, state, isTemplate: false)} {ConnectionState.DefaultTimeout(protocol, state)}";
}
