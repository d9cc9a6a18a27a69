using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// A receiver from the peers that follows its interface: it opens a new socket when the old one has become deaf, and waits while there is
/// no interface to listen on. One thread receives; any thread may call the other members.
/// </summary>
/// <param name="link">The interface.</param>
/// <param name="open">Opens a socket on it.</param>
/// <param name="log">The log.</param>
internal sealed class FollowingReceiver(SyncLink link, Func<IDatagramReceiver> open, ILogger log) : IDatagramReceiver
{
    private readonly object _lock = new();
    private IDatagramReceiver? _socket;
    private int _epoch;
    private long _droppedBefore;
    private bool _hasFailed;
    private bool _isShutDown;

    /// <inheritdoc/>
    public long Dropped
    {
        get
        {
            lock (_lock)
                return _droppedBefore + (_socket?.Dropped ?? 0);
        }
    }

    /// <summary>Opens the first socket. Only an interface that has been up can be without, or one that is waited for.</summary>
    /// <exception cref="KernelException">The kernel refused the socket, and the interface is no reason.</exception>
    public FollowingReceiver Open()
    {
        _epoch = link.ReceiverEpoch;
        try
        {
            _socket = open();
        }
        catch (KernelException) when ((link.WasPresent || link.MayWait) && !link.Now.IsPresent)
        {
            // A notice of its return leads to the next attempt.
        }

        link.Changed += OnChanged;
        OnChanged(link.Now, link.Now); // it may have changed just before
        return this;
    }

    /// <inheritdoc/>
    /// <remarks>Throws nothing: a socket that fails is replaced, a second later at the earliest.</remarks>
    public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
    {
        while (AwaitSocket() is { } socket)
        {
            int count = TryReceive(socket, buffers);
            if (count > 0)
                return count;
            Replace();
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            _socket?.Shutdown();
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        link.Changed -= OnChanged;
        Shutdown();
        lock (_lock)
            Close();
    }

    /// <summary>Closes a socket that gives nothing any more. If its interface is no reason, there is a pause before the next one.</summary>
    private void Replace()
    {
        lock (_lock)
        {
            Close();
            if (_epoch == link.ReceiverEpoch && !_isShutDown)
                Monitor.Wait(_lock, FlowConstants.LinkRetry);
        }
    }

    /// <summary>Waits for a socket; null once this is shut down and nothing is left to read.</summary>
    private IDatagramReceiver? AwaitSocket()
    {
        lock (_lock)
        {
            while (_socket is null && !_isShutDown && !TryOpen())
                Monitor.Wait(_lock, FlowConstants.LinkRetry);
            return _socket;
        }
    }

    private bool TryOpen()
    {
        _epoch = link.ReceiverEpoch;
        if (!link.Now.IsPresent)
            return false;
        try
        {
            _socket = open();
            _hasFailed = false;
            return true;
        }
        catch (KernelException exception)
        {
            Fail(exception);
            return false;
        }
    }

    private int TryReceive(IDatagramReceiver socket, ReadOnlySpan<DatagramBuffer> buffers)
    {
        try
        {
            return socket.Receive(buffers);
        }
        catch (KernelException exception)
        {
            Fail(exception);
            return 0;
        }
    }

    private void Fail(KernelException exception)
    {
        if (!_hasFailed)
            log.LinkSocketFailed(link.Name, exception.Message);
        _hasFailed = true;
    }

    /// <summary>A deaf socket still hands over what it has received; then its reader opens another.</summary>
    private void OnChanged(LinkSnapshot before, LinkSnapshot now)
    {
        lock (_lock)
        {
            if (_epoch != link.ReceiverEpoch)
                _socket?.Shutdown();
            Monitor.PulseAll(_lock);
        }
    }

    private void Close()
    {
        if (_socket is null)
            return;
        _droppedBefore += _socket.Dropped;
        _socket.Dispose();
        _socket = null;
    }
}
