using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class LifeOrderTests
{
    private static readonly ushort[][] _tcpLives =
    [
        [IP_VS_TCP_S_SYN_RECV, IP_VS_TCP_S_ESTABLISHED, IP_VS_TCP_S_CLOSE_WAIT, IP_VS_TCP_S_TIME_WAIT, IP_VS_TCP_S_CLOSE],
        [IP_VS_TCP_S_ESTABLISHED, IP_VS_TCP_S_FIN_WAIT, IP_VS_TCP_S_TIME_WAIT],
        [IP_VS_TCP_S_NONE, IP_VS_TCP_S_ESTABLISHED, IP_VS_TCP_S_CLOSE],
    ];

    private static readonly ushort[][] _sctpLives =
    [
        [IP_VS_SCTP_S_ESTABLISHED, 9, 11, 13],
        [IP_VS_SCTP_S_ESTABLISHED, 10, 11, 13],
    ];

    [Fact]
    public void IsBehind_LivesAsTheyGo_EarlierIsBehindLaterAndNeverTheOtherWay()
    {
        AssertOrder(IpProtocol.Tcp, _tcpLives);
        AssertOrder(IpProtocol.Sctp, _sctpLives);
    }

    [Fact]
    public void IsBehind_TwoWaysOfClosing_NeitherIsEarlier()
    {
        Assert.False(LifeOrder.IsBehind(IpProtocol.Tcp, false, IP_VS_TCP_S_FIN_WAIT, IP_VS_TCP_S_CLOSE_WAIT));
        Assert.False(LifeOrder.IsBehind(IpProtocol.Tcp, false, IP_VS_TCP_S_CLOSE_WAIT, IP_VS_TCP_S_FIN_WAIT));
    }

    [Fact]
    public void IsBehind_Template_AssuredNeverGoesBack()
    {
        Assert.True(LifeOrder.IsBehind(IpProtocol.Tcp, true, IP_VS_CTPL_S_NONE, IP_VS_CTPL_S_ASSURED));
        Assert.False(LifeOrder.IsBehind(IpProtocol.Tcp, true, IP_VS_CTPL_S_ASSURED, IP_VS_CTPL_S_NONE));
    }

    [Theory]
    [InlineData(IpProtocol.Udp, 0, 0)]
    [InlineData(IpProtocol.Tcp, 1, 1)]
    [InlineData(IpProtocol.Tcp, 1, 99)]
    [InlineData(IpProtocol.Tcp, 99, 1)]
    [InlineData(IpProtocol.Esp, 0, 1)]
    public void IsBehind_SameOrUnknownStates_SaysNothing(byte protocol, ushort told, ushort known)
        => Assert.False(LifeOrder.IsBehind(protocol, isTemplate: false, told, known));

    private static void AssertOrder(byte protocol, ushort[][] lives)
    {
        foreach (ushort[] life in lives)
        {
            for (int later = 1; later < life.Length; later++)
            {
                for (int earlier = 0; earlier < later; earlier++)
                {
                    Assert.True(LifeOrder.IsBehind(protocol, false, life[earlier], life[later]), $"{life[earlier]} is before {life[later]}");
                    Assert.False(LifeOrder.IsBehind(protocol, false, life[later], life[earlier]), $"{life[later]} is not before {life[earlier]}");
                }
            }
        }
    }
}
