using IpvsSync.Linux;
using IpvsSync.Linux.Processes;
using Microsoft.Extensions.Hosting;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// The life of the daemon's process around its host: what it may use, how a stop is asked for, and that it ends when its stop does not.
/// Any thread.
/// </summary>
internal sealed class DaemonLife : IDisposable
{
    /// <summary>
    /// How long a stop may take. Each of its steps has a limit of its own (<see cref="FlowConstants.StopTimeout"/>), and this is more than
    /// their sum. The unit's TimeoutStopSec is more than this and <see cref="RescueLimit"/>.
    /// </summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    /// <summary>How long the last attempt to put the kernel back may take, after a stop that took too long.</summary>
    public static readonly TimeSpan RescueLimit = TimeSpan.FromSeconds(5);

    /// <summary>Descriptors for the sysctls and the journal of a stop, if there are no others left.</summary>
    private const int SpareCount = 16;

    private readonly SpareDescriptors _spare = SpareDescriptors.Take(SpareCount);
    private readonly StopDeadline _deadline;
    private readonly Action<int> _end;
    private volatile IHostApplicationLifetime? _application;
    private volatile Action? _rescue;
    private volatile bool _stopIsAsked;

    /// <summary>Begins the life.</summary>
    /// <param name="signals">The process's signals.</param>
    /// <param name="stopLimit">How long a stop may take.</param>
    /// <param name="end">Ends the process at once with an exit code.</param>
    public DaemonLife(ProcessSignals signals, TimeSpan stopLimit, Action<int> end)
    {
        _end = end;
        _deadline = new StopDeadline(stopLimit, EndLate);
        signals.OnStop(AskStop);
    }

    /// <summary>Ignores signals without a meaning, and raises the limit of open files as far as this process may.</summary>
    /// <returns>The reason why the limit stays; null if it is raised.</returns>
    public static string? Prepare()
    {
        StraySignals.Ignore();
        try
        {
            OpenFileLimit.Raise();
            return null;
        }
        catch (KernelException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>From now on there is a host to stop. A stop that was asked for before happens at once.</summary>
    public void Attach(IHostApplicationLifetime application)
    {
        _application = application;
        if (_stopIsAsked)
            application.StopApplication();
    }

    /// <summary>Sets what is tried last when a stop takes too long, for at most <see cref="RescueLimit"/>.</summary>
    public void OnLate(Action rescue) => _rescue = rescue;

    /// <summary>A stop begins, or the end of a start that failed.</summary>
    public void BeginStop()
    {
        _deadline.Begin();
        _spare.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _deadline.End();
        _spare.Dispose();
    }

    private void AskStop()
    {
        _stopIsAsked = true;
        BeginStop();
        _application?.StopApplication();
    }

    private void EndLate()
    {
        var rescue = new Thread(Rescue) { Name = "rescue", IsBackground = true };
        rescue.Start();
        rescue.Join(RescueLimit);
        _end(ExitCodes.Failed);
    }

    private void Rescue()
    {
        try
        {
            _rescue?.Invoke();
        }
#pragma warning disable CA1031 // It has logged what it could do; the process ends in any case.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
