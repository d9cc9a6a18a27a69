using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class FanOutSenderTests
{
    private readonly Counting[] _paths = [new(), new()];
    private readonly DatagramBuffer[] _three = [new(8), new(8), new(8)];

    [Fact]
    public void Send_NoPathIsNamed_TakesAll()
    {
        Assert.Equal(new SendOutcome(3, 0), Send());
        Assert.Equal([3, 3], _paths.Select(path => path.Sent));
    }

    [Fact]
    public void Send_OneIsNamed_TakesThatOneAlone()
    {
        _three[1].Path = 1;

        Assert.Equal(new SendOutcome(3, 0), Send());
        Assert.Equal([2, 3], _paths.Select(path => path.Sent));
    }

    [Fact]
    public void Send_OnePathRefuses_NothingIsLost()
    {
        _paths[0].Refuses = true;

        Assert.Equal(new SendOutcome(3, 0), Send());
    }

    [Fact]
    public void Send_AllRefuse_AllIsLost()
    {
        (_paths[0].Refuses, _paths[1].Refuses) = (true, true);

        Assert.Equal(new SendOutcome(0, 3), Send());
    }

    [Fact]
    public void Send_ThePathIsNone_IsLost()
    {
        _three[0].Path = 2;

        Assert.Equal(new SendOutcome(2, 1), Send());
    }

    [Fact]
    public void Dispose_ClosesAll()
    {
        new FanOutSender(_paths).Dispose();

        Assert.All(_paths, path => Assert.True(path.IsClosed));
    }

    private SendOutcome Send() => new FanOutSender(_paths).Send(_three);

    private sealed class Counting : IDatagramSender
    {
        public bool Refuses { get; set; }

        public int Sent { get; private set; }

        public bool IsClosed { get; private set; }

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            if (Refuses)
                return new SendOutcome(0, datagrams.Length);
            Sent += datagrams.Length;
            return new SendOutcome(datagrams.Length, 0);
        }

        public void Dispose() => IsClosed = true;
    }
}
