using System.Net;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Undoes what was changed in the kernel. A step that fails is logged, and the other steps are still made. One thread at a time.</summary>
internal sealed class KernelUndo(IpvsClient client, IpvsSysctls sysctls, ILogger log)
{
    /// <summary>Stops our daemons, removes the pusher's service, then restores sysctls and the daemons of others.</summary>
    /// <returns>False when a step failed.</returns>
    public bool Undo(KernelChanges changes)
    {
        bool done = StopDaemons(daemon => changes.Started.Exists(started => IsSame(started.ToDaemon(), daemon)));
        if (changes.PushAddress is not null)
            done &= Try(() => DeletePushService(IPAddress.Parse(changes.PushAddress)));
        foreach (SysctlChange change in changes.Sysctls)
            done &= Try(() => Restore(change));
        foreach (JournaledDaemon replaced in changes.Replaced)
            done &= Try(() => PutBack(replaced.ToDaemon()));
        return done;
    }

    /// <summary>Stops the running daemons for which <paramref name="isOurs"/> is true.</summary>
    /// <returns>False when one could not be stopped, or the kernel did not say which run.</returns>
    public bool StopDaemons(Func<SyncDaemon, bool> isOurs)
    {
        IReadOnlyList<SyncDaemon> running = [];
        bool done = Try(() => running = client.GetDaemons());
        foreach (SyncDaemon daemon in running.Where(isOurs))
        {
            done &= Try(() =>
            {
                client.StopDaemon(daemon.Role);
                log.DaemonStopped(daemon);
            });
        }

        return done;
    }

    /// <summary>Makes one step, and logs its failure.</summary>
    /// <returns>False when it failed.</returns>
    public bool Try(Action step)
    {
        try
        {
            step();
            return true;
        }
#pragma warning disable CA1031 // Whatever one step throws, the others undo more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.RestoreFailed(exception.Message);
            return false;
        }
    }

    /// <summary>Whether two daemons have the same role, interface, group and port, which is all that a journal needs to recognise one.</summary>
    public static bool IsSame(SyncDaemon left, SyncDaemon right)
        => left.Role == right.Role && left.Interface == right.Interface && left.Group.Equals(right.Group) && left.Port == right.Port;

    /// <summary>A value that somebody else has written since then is theirs, and stays.</summary>
    private void Restore(SysctlChange change)
    {
        string current = sysctls.Read(change.Name);
        if (current == change.Written)
            sysctls.Write(change.Name, change.Found);
        else if (current != change.Found)
            log.SysctlChangedByOthers(change.Name, current, change.Found);
    }

    private void DeletePushService(IPAddress address)
    {
        try
        {
            client.DeleteService(PushInterface.Service(new PushAddresses(address)));
        }
        catch (KernelException exception) when (exception.Errno == Errno.ESRCH)
        {
            // Somebody deleted all services, or the pusher never made this one.
        }
    }

    private void PutBack(SyncDaemon daemon)
    {
        if (client.GetDaemons().Any(running => running.Role == daemon.Role))
            return;
        client.StartDaemon(daemon);
        log.DaemonPutBack(daemon);
    }
}
