using System.Net;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PushLaneMapTests
{
    private static readonly PushAddresses s_addresses = new(IPAddress.Parse("192.0.2.1"));

    private readonly PushLaneMap _lanes = new(s_addresses, 4);

    [Fact]
    public void Claim_RealTraffic_IsFalseAndNoEcho()
    {
        Assert.False(_lanes.Claim(Entries.Tcp(1).Key, 0));
        Assert.Equal(0, _lanes.Seen);
    }

    [Fact]
    public void TakeReal_RecordsInSeveralLanes_AreCountedByLaneSinceTheLastCall()
    {
        _lanes.Claim(Entries.Tcp(1).Key, 1);
        _lanes.Claim(Entries.Tcp(2).Key, 1);
        _lanes.Claim(Push(2000), 1);
        _lanes.Claim(Entries.Tcp(3).Key, 2);

        Assert.Equal([0, 2, 1, 0], Enumerable.Range(0, 4).Select(_lanes.TakeReal));
        Assert.Equal(0, _lanes.TakeReal(1));
        _lanes.Claim(Entries.Tcp(4).Key, 1);
        Assert.Equal(1, _lanes.TakeReal(1));
    }

    [Fact]
    public void For_LaneWhereACandidateArrived_IsItsPackets()
    {
        ushort port = _lanes.Candidate().ClientPort;
        Assert.Null(_lanes.For(2));
        Assert.True(_lanes.Claim(Push(port), 2));

        Assert.Equal(port, _lanes.For(2)!.ClientPort);
        Assert.Null(_lanes.For(0));
        Assert.Equal(1, _lanes.Seen);
    }

    [Fact]
    public void Candidate_Twice_IsAnotherPortThatNoLaneHas()
    {
        ushort first = _lanes.Candidate().ClientPort;
        _lanes.Claim(Push((ushort)(first + 1)), 0);

        Assert.Equal(first + 2, _lanes.Candidate().ClientPort);
    }

    [Fact]
    public void Claim_SecondConnectionInALane_KeepsTheFirst()
    {
        _lanes.Claim(Push(2000), 1);
        _lanes.Claim(Push(2001), 1);

        Assert.Equal(2000, _lanes.For(1)!.ClientPort);
    }

    [Fact]
    public void Claim_ConnectionMovedToAnotherLane_FreesTheOldOne()
    {
        _lanes.Claim(Push(2000), 1);
        _lanes.Claim(Push(2000), 3);

        Assert.Null(_lanes.For(1));
        Assert.Equal(2000, _lanes.For(3)!.ClientPort);
    }

    private static ConnectionKey Push(ushort clientPort) => new()
    {
        Family = IpFamily.IPv4,
        Protocol = IpProtocol.Tcp,
        Client = Address.FromIPv4(s_addresses.Client),
        ClientPort = clientPort,
        Virtual = Address.FromIPv4(s_addresses.Number),
        VirtualPort = PushAddresses.ServicePort,
    };
}
