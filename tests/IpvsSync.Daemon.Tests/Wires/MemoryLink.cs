using System.Net;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>An interface that a test changes. One thread watches; any thread may change it.</summary>
internal sealed class MemoryLink : ILinkMonitor
{
    /// <summary>Up, with a carrier and an address.</summary>
    public static readonly LinkState Up = new(Index: 1, IsUp: true, HasCarrier: true, Mtu: 1500, SourceAddress.From(IPAddress.Loopback));

    private readonly object _lock = new();
    private LinkState? _state = Up;
    private bool _hasChanged;
    private bool _isStopped;

    /// <summary>Changes the interface; null removes it.</summary>
    public void Become(LinkState? state)
    {
        lock (_lock)
        {
            (_state, _hasChanged) = (state, true);
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public LinkState? Read()
    {
        lock (_lock)
            return _state;
    }

    /// <inheritdoc/>
    public bool Wait(TimeSpan timeout)
    {
        lock (_lock)
        {
            while (!_hasChanged && !_isStopped && Monitor.Wait(_lock, timeout))
                continue;
            bool hasChanged = _hasChanged && !_isStopped;
            _hasChanged = false;
            return hasChanged;
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Shutdown();
}
