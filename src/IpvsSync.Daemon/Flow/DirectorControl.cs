using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What an operator can change in a running director, by signal or over the control socket: one change at a time, and none once it
/// stops. Any thread.
/// </summary>
internal sealed class DirectorControl(Director director, ConfigurationSource source, IHostApplicationLifetime lifetime, ILogger<Director> log)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads the configuration anew, applies what a reload can apply, and logs the outcome.</summary>
    /// <exception cref="ConfigurationException">With every fault: all is as before.</exception>
    /// <exception cref="KernelException">The kernel refused a sysctl.</exception>
    /// <exception cref="KernelSessionException">The journal cannot be written, or the sysctls of others do not suffice: all is as before.</exception>
    /// <exception cref="OperationCanceledException">The daemon stops.</exception>
    public ReloadOutcome Reload()
    {
        bool isApplied = false;
        try
        {
            ReloadOutcome outcome = Do(() => director.Reload(source.Read().Options), log.ReloadFailed);
            isApplied = true;
            return outcome;
        }
        finally
        {
            director.NoteReload(isApplied);
        }
    }

    /// <summary>See <see cref="Director.ChangeRole"/>.</summary>
    /// <returns>The role before, and whether all that the new role does not need was put back in the kernel.</returns>
    /// <exception cref="KernelException">The kernel refused: all is as before.</exception>
    /// <exception cref="KernelSessionException">
    /// Another program uses the kernel's sync daemons, or the sysctls of others do not suffice: all is as before.
    /// </exception>
    /// <exception cref="OperationCanceledException">The daemon stops.</exception>
    public (Role Before, bool IsRestored) ChangeRole(Role role)
        => Do(() => (director.Options.Role, director.ChangeRole(role)), reason => log.RoleRefused(role.ToString(), director.Options.Role.ToString(), reason));

    /// <summary>Stops the host, and with it the director.</summary>
    /// <returns>Completes when the director has stopped: whether the kernel is as it was found.</returns>
    public Task<bool> StopAsync(CancellationToken cancellation)
    {
        lifetime.StopApplication();
        return _stopped.Task.WaitAsync(cancellation);
    }

    /// <summary>Stops the director once the change under way is done. For the host.</summary>
    /// <returns>Whether the kernel is as it was found.</returns>
    public bool Stop()
    {
        bool isRestored = false;
        try
        {
            lock (_lock)
                isRestored = director.Stop();
            return isRestored;
        }
        finally
        {
            _stopped.TrySetResult(isRestored);
        }
    }

    /// <summary>
    /// Puts the kernel back while another thread hangs in a start, a change or a stop, and answers whoever asked for the stop. Any thread.
    /// </summary>
    public void Abandon() => _stopped.TrySetResult(director.Abandon());

    private T Do<T>(Func<T> change, Action<string> failed)
    {
        lock (_lock)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                throw new OperationCanceledException("The daemon stops.");
            try
            {
                return change();
            }
            catch (Exception exception)
            {
                failed(exception.Message);
                throw;
            }
        }
    }
}
