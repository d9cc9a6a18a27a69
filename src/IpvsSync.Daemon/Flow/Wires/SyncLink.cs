using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Follows the sync interface, which can go away, come back as another one, lose its carrier, or get another address. The sockets on it
/// (<see cref="FollowingSender"/>, <see cref="FollowingReceiver"/>) compare its epochs with those at which they opened. One thread
/// watches (<see cref="Run"/>); any thread may read.
/// </summary>
/// <param name="name">The interface.</param>
/// <param name="open">Opens its monitor, which is disposed with this.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log: one line for each change.</param>
internal sealed class SyncLink(string name, Func<ILinkMonitor> open, TimeProvider time, ILogger log) : IDisposable
{
    private volatile LinkSnapshot _now = new(null, time.Milliseconds(), 0);
    private volatile int _receiverEpoch;
    private volatile int _senderEpoch;
    private volatile bool _wasPresent;
    private volatile bool _isStopped;
    private ILinkMonitor? _monitor;

    /// <summary>The name of the interface.</summary>
    public string Name => name;

    /// <summary>Its place among the interfaces of the sync network.</summary>
    public int Number { get; init; }

    /// <summary>The state that was read last.</summary>
    public LinkSnapshot Now => _now;

    /// <summary>The MTU in bytes; while the interface is absent, as it was before; 0 while there was none.</summary>
    public int Mtu { get; private set; }

    /// <summary>Whether the interface need not exist yet (<c>WaitForInterface</c>).</summary>
    public bool MayWait { get; init; }

    /// <summary>Whether there has ever been such an interface. If not, its name may be a mistake.</summary>
    public bool WasPresent => _wasPresent;

    /// <summary>Changes when a receiver is deaf from now on: the interface is another one, or it was down.</summary>
    public int ReceiverEpoch => _receiverEpoch;

    /// <summary>Changes when a sender may use a wrong source address from now on; also with <see cref="ReceiverEpoch"/>.</summary>
    public int SenderEpoch => _senderEpoch;

    /// <summary>Raised after each change with the state before and now, on the thread that watches.</summary>
    public event Action<LinkSnapshot, LinkSnapshot>? Changed;

    /// <summary>Begins to watch, and reads the state for the first time. Call it before any socket is opened, once.</summary>
    /// <exception cref="KernelException">The kernel refused a socket, or does not say.</exception>
    public void Begin()
    {
        _monitor = open();
        LinkState? state = _monitor.Read();
        _now = new LinkSnapshot(state, time.Milliseconds(), 0);
        NotePresence(state);
        if (_now.Condition != LinkCondition.Up && (state is not null || MayWait))
            log.LinkNotUp(name, _now);
    }

    /// <summary>Watches until <see cref="Stop"/>.</summary>
    public void Run()
    {
        TimeSpan timeout = Timeout.InfiniteTimeSpan;
        while (!_isStopped)
        {
            if (_monitor!.Wait(timeout))
                Settle(_monitor);
            if (!_isStopped)
                timeout = TryUpdate() ? Timeout.InfiniteTimeSpan : FlowConstants.LinkRetry;
        }
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        _monitor?.Shutdown();
    }

    /// <summary>Reads the state, and notes what has changed. For the thread that watches.</summary>
    /// <exception cref="KernelException">The kernel does not say.</exception>
    public void Update()
    {
        LinkSnapshot before = _now;
        LinkState? state = _monitor!.Read();
        if (state == before.State)
            return;
        var now = new LinkSnapshot(state, before.SinceMs, before.Changes + 1);
        if (now.Condition != before.Condition)
            now = now with { SinceMs = time.Milliseconds() };
        NotePresence(state);
        _now = now;
        NoteEpochs(before, now);
        if (now.Condition == LinkCondition.Up)
            log.LinkUp(name, now, before);
        else
            log.LinkWorse(name, now, before);
        Changed?.Invoke(before, now);
    }

    /// <inheritdoc/>
    public void Dispose() => _monitor?.Dispose();

    private void NotePresence(LinkState? state)
    {
        if (state is null)
            return;
        Mtu = state.Mtu;
        _wasPresent = true;
    }

    private void NoteEpochs(LinkSnapshot before, LinkSnapshot now)
    {
        bool isDeaf = now.IsPresent && (!before.IsPresent || now.State!.Index != before.State!.Index);
        if (isDeaf)
            _receiverEpoch++;
        if (isDeaf || (now.IsPresent && now.State!.Source != before.State!.Source))
            _senderEpoch++;
    }

    /// <summary>Waits until the changes that belong together are over: an interface that is made and set up changes several times.</summary>
    private void Settle(ILinkMonitor monitor)
    {
        long start = time.GetTimestamp();
        while (!_isStopped && time.GetElapsedTime(start) < FlowConstants.LinkSettleTimeout && monitor.Wait(FlowConstants.LinkQuiet))
            continue;
    }

    private bool TryUpdate()
    {
        try
        {
            Update();
            return true;
        }
        catch (KernelException exception)
        {
            log.LinkUnknown(name, exception.Message);
            return false;
        }
    }
}
