using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class SyncLinkTests : IDisposable
{
    private static readonly LinkState s_up = MemoryLink.Up;

    private readonly MemoryLink _interface = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private readonly SyncLink _link;

    public SyncLinkTests() => _link = new SyncLink("eth1", () => _interface, _time, _log);

    public static TheoryData<LinkState?, string> Conditions => new()
    {
        { null, "absent" },
        { s_up with { IsUp = false, HasCarrier = false, Source = null }, "down" },
        { s_up with { HasCarrier = false }, "no carrier" },
        { s_up with { Source = null }, "no address" },
        { s_up, "up" },
    };

    public void Dispose() => _link.Dispose();

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Begin_AnyState_TellsItsCondition(LinkState? state, string condition)
    {
        _interface.Become(state);
        _link.Begin();

        Assert.Equal(condition, _link.Now.ConditionText);
        Assert.Equal(state is not null, _link.WasPresent);
        Assert.Equal(condition is "no carrier" or "no address" or "up", _link.Now.IsPresent);
        Assert.Equal(condition is "no address" or "up", _link.Now.CarriesMessages);
    }

    [Fact]
    public void Update_NothingChanged_LogsAndRaisesNothing()
    {
        _link.Begin();
        _link.Changed += (_, _) => Assert.Fail("nothing has changed");
        _link.Update();

        Assert.Empty(_log.Collector.GetSnapshot());
        Assert.Equal(0, _link.Now.Changes);
    }

    [Fact]
    public void Update_GoesAndComesBack_LogsOneLineForEach()
    {
        _link.Begin();
        Become(null);
        Become(s_up with { Index = 2 });

        Assert.Equal(
            [
                (LogLevel.Warning, "Sync interface eth1 is absent; it was up, index 1, MTU 1500, sends from 127.0.0.1."),
                (LogLevel.Information, "Sync interface eth1 is up, index 2, MTU 1500, sends from 127.0.0.1; it was absent."),
            ],
            _log.Collector.GetSnapshot().Select(record => (record.Level, record.Message)));
        Assert.Equal(2, _link.Now.Changes);
    }

    [Fact]
    public void Now_ConditionStays_KeepsItsTime()
    {
        _link.Begin();
        _time.Advance(TimeSpan.FromSeconds(3));
        Become(null);
        long since = _link.Now.SinceMs;
        _time.Advance(TimeSpan.FromSeconds(3));
        _link.Update();
        Assert.Equal(since, _link.Now.SinceMs);

        Become(s_up);
        Assert.Equal(since + 3000, _link.Now.SinceMs);
        _time.Advance(TimeSpan.FromSeconds(3));
        Become(s_up with { Mtu = 9000 });
        Assert.Equal(since + 3000, _link.Now.SinceMs);
    }

    [Fact]
    public void Epochs_EachKindOfChange_AreThoseOfTheSocketsThatMustOpenAnew()
    {
        _link.Begin();
        Assert.Equal((Receivers: false, Senders: false), Moved(s_up with { Mtu = 9000 }));
        Assert.Equal((Receivers: false, Senders: false), Moved(s_up with { HasCarrier = false }));
        Assert.Equal((Receivers: false, Senders: false), Moved(s_up));
        Assert.Equal((Receivers: false, Senders: true), Moved(s_up with { Source = SourceAddress.From(IPAddress.Parse("192.0.2.9")) }));
        Assert.Equal((Receivers: false, Senders: true), Moved(s_up with { Source = null }));
        Assert.Equal((Receivers: true, Senders: true), Moved(s_up with { Index = 2 }));
        Assert.Equal((Receivers: false, Senders: false), Moved(null));
        Assert.Equal((Receivers: true, Senders: true), Moved(s_up with { Index = 2 }));
        Assert.Equal((Receivers: false, Senders: false), Moved(s_up with { Index = 2, IsUp = false, HasCarrier = false, Source = null }));
        Assert.Equal((Receivers: true, Senders: true), Moved(s_up with { Index = 2 }));
    }

    [Fact]
    public void Mtu_Absent_IsTheLastOne()
    {
        _interface.Become(s_up with { Mtu = 1234 });
        _link.Begin();
        Become(null);

        Assert.Equal(1234, _link.Mtu);
    }

    [Fact]
    public void Run_InterfaceChanges_NotesItAndEndsWithStop()
    {
        using SyncLink link = new("eth1", () => _interface, TimeProvider.System, _log);
        link.Begin();
        var watcher = new Thread(link.Run);
        watcher.Start();
        _interface.Become(null);
        Until.True(() => link.Now.Condition == LinkCondition.Absent);
        link.Stop();
        watcher.Join();
    }

    private void Become(LinkState? state)
    {
        _interface.Become(state);
        _link.Update();
    }

    private (bool Receivers, bool Senders) Moved(LinkState? state)
    {
        (int receivers, int senders) = (_link.ReceiverEpoch, _link.SenderEpoch);
        Become(state);
        return (_link.ReceiverEpoch != receivers, _link.SenderEpoch != senders);
    }
}
