using IpvsSync.Linux;
using IpvsSync.Linux.Waiting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Tells systemd the state of the service on a thread of its own: whoever posts a message never waits for systemd. That it is ready or
/// stops is tried again until it is told; of the rest only the latest is. The first failure is logged, and the end of the failures.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private const string ReadyLine = "READY=1\n";
    private const string StoppingLine = "STOPPING=1\n";

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the end of the process waits for what is still to be told.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly WakeEvent _wake = new();
    private readonly NotifySocket _socket;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _isClosing;
    private bool _isStopping;
    private bool _isFailing;
    private string _life = "";
    private string _latest = "";

    /// <summary>Starts the thread.</summary>
    /// <param name="socket">The way to systemd; disposed with this.</param>
    /// <param name="log">The log.</param>
    public ServiceNotifier(NotifySocket socket, ILogger log)
    {
        (_socket, _log) = (socket, log);
        _thread = new Thread(Run) { Name = "notify", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The service is ready, unless it stops already. Any thread.</summary>
    public void Ready() => Begin(ReadyLine);

    /// <summary>The service stops, and is not ready any more. Any thread.</summary>
    public void Stopping() => Begin(StoppingLine);

    /// <summary>Replaces what was posted before and is not sent yet. Any thread.</summary>
    public void Post(string message)
    {
        lock (_lock)
            _latest = message;
        _wake.Set();
    }

    /// <summary>Tells what is still to be told, if systemd reads it soon.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _wake.Set();
        if (_thread.Join(s_farewell))
            _socket.Dispose();
    }

    private void Begin(string line)
    {
        lock (_lock)
        {
            if (_isStopping)
                return;
            _isStopping = line == StoppingLine;
            _life = line;
        }

        _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            bool isTold = TrySend();
            if (_isClosing && isTold)
                return;
            _wake.Wait(isTold ? Timeout.InfiniteTimeSpan : s_retry);
        }
    }

    /// <summary>Sends what is posted.</summary>
    /// <returns>False when it must be tried again.</returns>
    private bool TrySend()
    {
        (string life, string latest) = Take();
        if (life.Length + latest.Length == 0)
            return true;
        try
        {
            _socket.Send(life + latest);
            if (_isFailing)
                _log.SystemdHears();
            _isFailing = false;
            return true;
        }
        catch (KernelException exception)
        {
            if (!_isFailing)
                _log.SystemdDeaf(exception.Message);
            _isFailing = true;
            PutBack(life);
            return life.Length == 0;
        }
    }

    private (string Life, string Latest) Take()
    {
        lock (_lock)
        {
            (string, string) taken = (_life, _latest);
            (_life, _latest) = ("", "");
            return taken;
        }
    }

    /// <summary>A message that the watchdog is fed is not kept: it would be old.</summary>
    private void PutBack(string life)
    {
        lock (_lock)
        {
            if (_life.Length == 0)
                _life = life;
        }
    }
}
