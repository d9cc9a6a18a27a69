using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class FollowingSenderTests : IDisposable
{
    private static readonly DatagramBuffer[] s_two = [new(8), new(8)];

    private readonly MemoryLink _interface = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private readonly SyncLink _link;
    private readonly List<FakeSocket> _sockets = [];
    private KernelException? _refusal;

    public FollowingSenderTests() => _link = new SyncLink("eth1", () => _interface, _time, _log);

    public void Dispose() => _link.Dispose();

    [Fact]
    public void Open_InterfaceHasNeverBeenThere_Throws()
    {
        _interface.Become(null);
        _refusal = new KernelException("find interface eth1", Errno.ENODEV);
        _link.Begin();

        Assert.Throws<KernelException>(Make);
    }

    [Fact]
    public void Open_RefusedForAnotherReason_Throws()
    {
        _refusal = new KernelException("send", Errno.EACCES);
        _link.Begin();

        Assert.Throws<KernelException>(Make);
    }

    [Fact]
    public void Open_InterfaceIsDown_SendsOnceItIsUp()
    {
        _interface.Become(MemoryLink.Up with { IsUp = false, HasCarrier = false, Source = null });
        _refusal = new KernelException("send", Errno.ENETUNREACH);
        _link.Begin();
        using FollowingSender sender = Make();
        Assert.Equal(new SendOutcome(0, 2), sender.Send(s_two));

        _refusal = null;
        Become(MemoryLink.Up);
        Assert.Equal(new SendOutcome(2, 0), sender.Send(s_two));
    }

    [Fact]
    public void Send_SourceHasChanged_UsesANewSocketAndClosesTheOld()
    {
        _link.Begin();
        using FollowingSender sender = Make();
        sender.Send(s_two);
        Become(MemoryLink.Up with { Source = SourceAddress.From(IPAddress.Parse("192.0.2.9")) });
        sender.Send(s_two);

        Assert.Equal(2, _sockets.Count);
        Assert.True(_sockets[0].IsClosed);
        Assert.Equal(2, _sockets[1].Sent);
    }

    [Fact]
    public void Send_NoCarrier_IsLostWithoutTouchingTheSocket()
    {
        _link.Begin();
        using FollowingSender sender = Make();
        Become(MemoryLink.Up with { HasCarrier = false });
        Assert.Equal(new SendOutcome(0, 2), sender.Send(s_two));
        Assert.Equal(0, _sockets[0].Sent);

        Become(MemoryLink.Up);
        Assert.Equal(new SendOutcome(2, 0), sender.Send(s_two));
        Assert.Single(_sockets);
    }

    [Fact]
    public void Send_SocketFails_IsReplacedASecondLaterAndLoggedOnce()
    {
        _link.Begin();
        using FollowingSender sender = Make();
        _sockets[0].Failure = new KernelException("send", Errno.EINVAL);
        Assert.Equal(new SendOutcome(0, 2), sender.Send(s_two));
        Assert.True(_sockets[0].IsClosed);
        Assert.Equal(new SendOutcome(0, 2), sender.Send(s_two));
        Assert.Single(_sockets);

        _refusal = new KernelException("send", Errno.EINVAL);
        _time.Advance(FlowConstants.LinkRetry);
        Assert.Equal(new SendOutcome(0, 2), sender.Send(s_two));
        _refusal = null;
        _time.Advance(FlowConstants.LinkRetry);
        Assert.Equal(new SendOutcome(2, 0), sender.Send(s_two));
        Assert.Single(_log.Collector.GetSnapshot());
    }

    [Fact]
    public void Send_SocketFailsAfterAStartWithoutInterface_IsLoggedOnceItIsThere()
    {
        using SyncLink link = new("eth1", () => _interface, _time, _log) { MayWait = true };
        _interface.Become(null);
        _refusal = new KernelException("bind", Errno.EADDRNOTAVAIL);
        link.Begin();
        using FollowingSender sender = new FollowingSender(() => link, OpenSocket, _time, _log).Open();
        sender.Send(s_two);
        _interface.Become(MemoryLink.Up);
        link.Update();
        for (int second = 0; second < 60; second++)
        {
            sender.Send(s_two);
            _time.Advance(FlowConstants.LinkRetry);
        }

        Assert.Single(_log.Collector.GetSnapshot(), record => record.Id.Id == 23);
    }

    private FollowingSender Make() => new FollowingSender(() => _link, OpenSocket, _time, _log).Open();

    private FakeSocket OpenSocket()
    {
        if (_refusal is not null)
            throw _refusal;
        _sockets.Add(new FakeSocket());
        return _sockets[^1];
    }

    private void Become(LinkState? state)
    {
        _interface.Become(state);
        _link.Update();
    }

    private sealed class FakeSocket : IDatagramSender
    {
        public KernelException? Failure { get; set; }

        public int Sent { get; private set; }

        public bool IsClosed { get; private set; }

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            if (Failure is not null)
                throw Failure;
            Sent += datagrams.Length;
            return new SendOutcome(datagrams.Length, 0);
        }

        public void Dispose() => IsClosed = true;
    }
}
