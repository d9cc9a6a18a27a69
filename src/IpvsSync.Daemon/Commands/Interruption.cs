using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Commands;

/// <summary>
/// Handles Ctrl-C: asks the work to end cleanly, and ends the process if it waits for input that does not come. All results are written to
/// the output by then.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit code that a shell reports for a command that SIGINT ended.</summary>
    public const int ExitCode = 128 + 2;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(1);

    private readonly PosixSignalRegistration _registration;
    private readonly Timer _timer;
    private volatile bool _isRequested;

    /// <summary>Starts to listen for the signal.</summary>
    public Interruption()
    {
        _timer = new Timer(_ => Environment.Exit(ExitCode));
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, Request);
    }

    /// <summary>Whether Ctrl-C was pressed.</summary>
    public bool IsRequested => _isRequested;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }

    private void Request(PosixSignalContext context)
    {
        context.Cancel = true;
        _isRequested = true;
        _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
    }
}
