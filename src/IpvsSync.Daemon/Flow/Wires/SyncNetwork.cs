using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// The interfaces of the sync network, the ways on which messages leave over them, and how large these may be. A thread for each interface watches it; any
/// thread may read.
/// </summary>
internal sealed class SyncNetwork : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>The best condition at the last look. Guarded by the lock.</summary>
    private LinkCondition _seen;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ISockets _sockets;

    /// <summary>A network that nobody watches yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="sockets">Opens what watches the interfaces.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public SyncNetwork(SyncOptions options, ISockets sockets, TimeProvider time, ILogger log)
    {
        (_time, _log, _sockets, Lanes) = (time, log, sockets, options.SyncPorts);
        Links = [.. options.Interface.Select((name, number) =>
            new SyncLink(name, () => sockets.OpenLinkMonitor(name), time, log) { Number = number, MayWait = options.WaitForInterface })];
        Paths = [.. sockets.Paths.Select((path, number) => new PathState(number, path, Links[path.Link]))];
        Listens = [.. options.Group is null ? Enumerable.Empty<bool>() : [true], .. options.Peers.Count == 0 ? Enumerable.Empty<bool>() : [false]];
        Size = new WireSize(options);
        foreach (SyncLink link in Links)
            link.Changed += (_, _) => OnChanged(link);
    }

    /// <summary>The interfaces, as they are configured.</summary>
    public IReadOnlyList<SyncLink> Links { get; }

    /// <summary>The ways.</summary>
    public IReadOnlyList<PathState> Paths { get; }

    /// <summary>What is listened to on each interface: true for the group, false for what is sent to this host.</summary>
    public IReadOnlyList<bool> Listens { get; }

    /// <summary>Lanes of this director.</summary>
    public int Lanes { get; }

    /// <summary>How large messages may be.</summary>
    public WireSize Size { get; }

    /// <summary>The best condition of an interface.</summary>
    public LinkCondition Condition => Links.Max(link => link.Now.Condition);

    /// <summary>What is wrong with the interfaces, for people: <c>down</c>, or <c>eth2 no carrier</c> if there are several; null if nothing is.</summary>
    public string? Fault => Links.Where(link => link.Now.Fault is not null).Select(link => Links.Count == 1 ? link.Now.Fault : $"{link.Name} {link.Now.Fault}")
        .Aggregate((string?)null, (all, one) => all is null ? one : $"{all}, {one}");

    /// <summary>Whether it is worth sending.</summary>
    public bool CarriesMessages => Condition > LinkCondition.NoCarrier;

    /// <summary>
    /// Raised after a change that may have cost messages, with the best condition before and now, on the thread that watches the interface. One of several
    /// interfaces that changes while another is in order costs none.
    /// </summary>
    public event Action<LinkCondition, LinkCondition>? Changed;

    /// <summary>Begins to watch, and reads all states for the first time. Call it before any socket is opened, once.</summary>
    /// <exception cref="KernelException">The kernel refused a socket, or does not say.</exception>
    public void Begin()
    {
        foreach (SyncLink link in Links)
            link.Begin();
        _seen = Condition;
        Size.NoteMtu(NarrowestMtu);
    }

    /// <summary>Looks how the messages fare. About once a second.</summary>
    public void Sample()
    {
        foreach (PathState path in Paths)
            path.Sample(_time.Milliseconds());
        UpdateSize();
    }

    /// <summary>Ends the watching of all interfaces.</summary>
    public void Stop()
    {
        foreach (SyncLink link in Links)
            link.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SyncLink link in Links)
            link.Dispose();
    }

    /// <summary>Of interfaces that change together, each sees the others as they are already: only the look before tells what has changed.</summary>
    private void OnChanged(SyncLink link)
    {
        Choose();
        UpdateSize();
        lock (_lock)
        {
            LinkCondition before = _seen;
            _seen = Condition;
            if (before != _seen || !Links.Any(other => other != link && other.Now.Condition == LinkCondition.Up))
                Changed?.Invoke(before, _seen);
        }
    }

    /// <summary>An interface that has come, or has got its addresses, may be the one in whose network a peer is.</summary>
    private void Choose()
    {
        IReadOnlyList<SyncPath> now = Links.Count > 1 ? _sockets.Paths : [];
        foreach (SyncPath path in now)
            Paths.FirstOrDefault(known => known.Path.Peer is { } peer && peer == path.Peer)?.Move(path, Links[path.Link]);
    }

    private int? NarrowestMtu => Paths.Select(path => path.Mtu).Min();

    private void UpdateSize()
    {
        int before = Size.Message;
        if (Size.NoteMtu(NarrowestMtu))
            _log.MessageSizeChanged(Size.Message, before, Size.Mtu ?? 0);
    }
}
