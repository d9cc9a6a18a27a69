using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// A sender to the peers that follows its interface: it opens a new socket when the old one would send from a wrong address or not at
/// all. Messages that no socket takes meanwhile are lost, and reported as such. For one thread.
/// </summary>
/// <param name="follow">The interface now.</param>
/// <param name="open">Opens a socket on it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class FollowingSender(Func<SyncLink> follow, Func<IDatagramSender> open, TimeProvider time, ILogger log) : IDatagramSender
{
    private SyncLink _link = follow();
    private IDatagramSender? _socket;
    private int _epoch;
    private long _retryMs;
    private bool _hasFailed;

    /// <summary>Opens the first socket. Only an interface that has been up can be without, or one that is waited for.</summary>
    /// <exception cref="KernelException">The kernel refused the socket, and the interface is no reason.</exception>
    public FollowingSender Open()
    {
        _epoch = _link.SenderEpoch;
        try
        {
            _socket = open();
        }
        catch (KernelException) when ((_link.WasPresent || _link.MayWait) && !_link.Now.CarriesMessages)
        {
            // A notice of its return leads to the next attempt.
        }

        return this;
    }

    /// <inheritdoc/>
    /// <remarks>Throws nothing: a socket that fails is replaced, a second later at the earliest.</remarks>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        if (_link != follow() || _epoch != _link.SenderEpoch || (_socket is null && time.Milliseconds() >= _retryMs))
            Reopen();
        if (_socket is null || !_link.Now.CarriesMessages)
            return new SendOutcome(0, datagrams.Length);
        try
        {
            return _socket.Send(datagrams);
        }
        catch (KernelException exception)
        {
            Fail(exception);
            return new SendOutcome(0, datagrams.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Reopen()
    {
        _link = follow();
        _epoch = _link.SenderEpoch;
        Close();
        try
        {
            _socket = open();
            _hasFailed = false;
        }
        catch (KernelException exception)
        {
            Fail(exception);
        }
    }

    private void Fail(KernelException exception)
    {
        Close();
        _retryMs = time.Milliseconds() + (long)FlowConstants.LinkRetry.TotalMilliseconds;
        if (_hasFailed || !_link.Now.CarriesMessages)
            return;
        log.LinkSocketFailed(_link.Name, exception.Message);
        _hasFailed = true;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
