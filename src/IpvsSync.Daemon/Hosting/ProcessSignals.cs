using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// Takes the signals that mean something to a daemon, from the first moment of the process to its last, and keeps them until somebody
/// listens. Left to the runtime, SIGHUP would end the process whenever nobody has registered for it. Any thread.
/// </summary>
internal sealed class ProcessSignals
{
    private static readonly (PosixSignal Signal, int Number)[] s_signals =
        [(PosixSignal.SIGTERM, 15), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGHUP, 1)];

    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration[] _registrations;
    private Action? _reload;
    private Action? _stop;
    private int _first;
    private bool _reloadIsAsked;
    private bool _stopIsAsked;

    /// <summary>Takes them: from now on none of them ends the process.</summary>
    public ProcessSignals()
        => _registrations = [.. s_signals.Select(pair => PosixSignalRegistration.Create(pair.Signal, context => Receive(context, pair.Number)))];

    /// <summary>From now on SIGHUP calls <paramref name="reload"/>, which may not wait; at once if one came before.</summary>
    public void OnReload(Action reload)
    {
        lock (_lock)
        {
            _reload = reload;
            if (!_reloadIsAsked)
                return;
        }

        reload();
    }

    /// <summary>From now on SIGINT, SIGQUIT and SIGTERM call <paramref name="stop"/>; at once if one came before.</summary>
    public void OnStop(Action stop)
    {
        lock (_lock)
        {
            _stop = stop;
            if (!_stopIsAsked)
                return;
        }

        stop();
    }

    /// <summary>Gives the signals back to the runtime: this process is no daemon.</summary>
    /// <returns>The number of the first signal that came meanwhile; 0 for none.</returns>
    public int Release()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        lock (_lock)
            return _first;
    }

    private void Receive(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        Action? listener;
        lock (_lock)
        {
            _first = _first == 0 ? number : _first;
            bool isReload = context.Signal == PosixSignal.SIGHUP;
            _reloadIsAsked |= isReload;
            _stopIsAsked |= !isReload;
            listener = isReload ? _reload : _stop;
        }

        listener?.Invoke();
    }
}
