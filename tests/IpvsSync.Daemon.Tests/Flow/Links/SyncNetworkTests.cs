using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class SyncNetworkTests : IDisposable
{
    private static readonly LinkState s_cut = MemoryLink.Up with { HasCarrier = false };

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryNetwork _network;
    private readonly List<(LinkCondition Before, LinkCondition Now)> _told = [];
    private readonly Interruption _log = new();
    private MemoryHost? _host;
    private SyncNetwork? _links;

    public SyncNetworkTests() => _network = new MemoryNetwork(_time);

    public void Dispose()
    {
        _links?.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Changed_InterfacesComeBackTogether_IsRaisedOnce()
    {
        Open("lo", "lo2");
        Become(0, s_cut);
        Become(1, s_cut);
        // The second one is up, and said so, before anybody has heard of the first.
        _log.Next = () => Become(1, MemoryLink.Up);
        Become(0, MemoryLink.Up);

        Assert.Equal([(LinkCondition.Up, LinkCondition.NoCarrier), (LinkCondition.NoCarrier, LinkCondition.Up)], _told);
    }

    [Fact]
    public void Changed_InterfacesGoTogether_EndsWithTheWorst()
    {
        Open("lo", "lo2");
        _log.Next = () => Become(1, s_cut);
        Become(0, s_cut);

        Assert.Equal((LinkCondition.Up, LinkCondition.NoCarrier), _told[0]);
        Assert.All(_told, change => Assert.Equal(LinkCondition.NoCarrier, change.Now));
    }

    [Fact]
    public void Changed_OneOfTwoGoesAndComes_IsNotRaised()
    {
        Open("lo", "lo2");
        Become(1, null);
        Become(1, MemoryLink.Up);

        Assert.Empty(_told);
    }

    [Fact]
    public void Changed_TheOnlyOneIsMadeAgain_IsRaised()
    {
        Open("lo");
        Become(0, MemoryLink.Up with { Index = 2 });

        Assert.Equal([(LinkCondition.Up, LinkCondition.Up)], _told);
    }

    private void Open(params string[] interfaces)
    {
        SyncOptions options = new() { Interface = [.. interfaces], Kernel = new KernelOptions { Mode = KernelMode.None } };
        _host = _network.AddHost(options, "192.0.2.1");
        _links = new SyncNetwork(options, _host, _time, _log);
        _links.Changed += (before, now) => _told.Add((before, now));
        _links.Begin();
    }

    private void Become(int link, LinkState? state)
    {
        _host!.Links[link].Become(state);
        _links!.Links[link].Update();
    }

    /// <summary>A log that does something when the next line comes: an interface says that it has changed between its change and the notice.</summary>
    private sealed class Interruption : ILogger
    {
        public Action? Next { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Action? next = Next;
            Next = null;
            next?.Invoke();
        }
    }
}
