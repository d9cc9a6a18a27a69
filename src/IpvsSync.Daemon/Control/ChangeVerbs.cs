using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Answers the requests that change what a director does, each when it is done. Any thread may call it; one request is served at a time.
/// </summary>
internal sealed class ChangeVerbs(Director director, DirectorControl control)
{
    /// <summary>
    /// Reads the configuration again, and answers with the result. Faults in the configuration are part of the answer, not an error.
    /// </summary>
    /// <exception cref="ControlException">The kernel or a file refuses the change.</exception>
    public async Task ReloadAsync(ControlOutput output, CancellationToken cancellation)
        => await output.AnswerAsync(await DoAsync(Reload).ConfigureAwait(false), ControlJson.Default.ReloadAnswer, cancellation).ConfigureAwait(false);

    /// <summary>Starts and stops pipelines for <paramref name="role"/>, and answers when that is done.</summary>
    /// <exception cref="ControlException">
    /// There is no such role, or the director cannot take it, or the kernel's state could not be restored.
    /// </exception>
    public async Task ChangeRoleAsync(string? role, ControlOutput output, CancellationToken cancellation)
    {
        RoleAnswer answer = await DoAsync(() => ChangeRole(role)).ConfigureAwait(false);
        await output.AnswerAsync(answer, ControlJson.Default.RoleAnswer, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the daemon, and answers when the director has stopped.</summary>
    public async Task StopAsync(ControlOutput output, CancellationToken cancellation)
    {
        bool isRestored = await control.StopAsync(cancellation).ConfigureAwait(false);
        await output.AnswerAsync(new StopAnswer(isRestored), ControlJson.Default.StopAnswer, cancellation).ConfigureAwait(false);
    }

    private static ChangedKey Answer(OptionChange change) => new(change.Key, change.Before, change.After);

    private ReloadAnswer Reload()
    {
        try
        {
            ReloadOutcome outcome = control.Reload();
            return new ReloadAnswer { Applied = [.. outcome.Applied.Select(Answer)], NeedsRestart = [.. outcome.Restart.Select(Answer)] };
        }
        catch (ConfigurationException exception)
        {
            return new ReloadAnswer { Faults = exception.Faults };
        }
    }

    private RoleAnswer ChangeRole(string? name)
    {
        Role role = RoleText.TryParse(name, out Role wanted)
            ? wanted
            : throw new ControlException($"'{name}' is no role: {string.Join(", ", RoleText.Names)} are.");
        (Role before, bool isRestored) = control.ChangeRole(role);
        return isRestored
            ? new RoleAnswer(role.ToString(), before.ToString(), director.Configured.Role.ToString())
            : throw new ControlException($"The role is {role} now, but something in the kernel could not be put back: the daemon's log says what.");
    }

    /// <summary>Runs on a thread of its own: a change may take seconds, which would block a thread of the pool.</summary>
    private static async Task<T> DoAsync<T>(Func<T> change)
    {
        try
        {
            return await Task.Factory.StartNew(change, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KernelException or KernelSessionException or IOException)
        {
            throw new ControlException(exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            throw new ControlException("The daemon stops.");
        }
    }
}
