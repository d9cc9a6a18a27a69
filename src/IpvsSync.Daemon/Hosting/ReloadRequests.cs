using IpvsSync.Linux.Waiting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// Reloads when SIGHUP asks for it, on a thread of its own: one reload at a time; all requests that come during one are answered by one
/// more. Requests before the daemon is ready are kept until it is; those after its stop began are dropped. Any thread.
/// </summary>
internal sealed class ReloadRequests : IDisposable
{
    private readonly WakeEvent _wake = new();
    private readonly Action _reload;
    private readonly ILogger _log;
    private volatile bool _isReady;
    private volatile bool _isClosed;
    private volatile bool _isAsked;

    /// <summary>Starts the thread.</summary>
    /// <param name="reload">Reloads; it logs its own failures.</param>
    /// <param name="log">The log.</param>
    public ReloadRequests(Action reload, ILogger log)
    {
        (_reload, _log) = (reload, log);
        new Thread(Run) { Name = "reload", IsBackground = true }.Start();
    }

    /// <summary>Asks for a reload; returns at once.</summary>
    public void Ask()
    {
        if (!_isReady && !_isClosed && !_isAsked)
            _log.ReloadKept();
        _isAsked = true;
        _wake.Set();
    }

    /// <summary>The daemon is ready: reloads now, if that was asked for.</summary>
    public void Open()
    {
        _isReady = true;
        _wake.Set();
    }

    /// <summary>The daemon stops: reloads no more.</summary>
    public void Close()
    {
        _isClosed = true;
        _wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Run()
    {
        while (!_isClosed)
        {
            _wake.Wait(Timeout.InfiniteTimeSpan);
            if (_isAsked && _isReady && !_isClosed)
                Reload();
        }
    }

    private void Reload()
    {
        _isAsked = false;
        try
        {
            _reload();
        }
#pragma warning disable CA1031 // The log has the reason, and all is as before.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
