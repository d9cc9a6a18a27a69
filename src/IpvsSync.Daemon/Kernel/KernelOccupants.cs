using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The sync daemons of others. The kernel runs one master and one backup in a network namespace. One thread at a time.</summary>
internal sealed class KernelOccupants(IpvsClient client, SyncOptions options, ILogger log)
{
    /// <summary>Stops the daemons at our own address, which a killed daemon left there.</summary>
    public void StopLeftovers()
    {
        foreach (SyncDaemon daemon in client.GetDaemons().Where(daemon => KernelSettings.IsOurs(daemon, options)))
        {
            log.LeftoverStopped(daemon);
            client.StopDaemon(daemon.Role);
        }
    }

    /// <summary>Refuses a daemon that runs in a role we take. One that runs in another role is logged.</summary>
    /// <exception cref="KernelSessionException">There is one, and <c>Kernel:TakeOver</c> is not set.</exception>
    public void Check()
    {
        foreach (SyncDaemon occupant in client.GetDaemons())
        {
            if (!KernelDiff.IsNeeded(occupant.Role, options))
                log.OtherRoleRuns(occupant);
            else if (!options.Kernel.TakeOver)
                throw Occupied(occupant);
        }
    }

    /// <summary>Refuses the daemons that we would replace. One that may be replaced is logged.</summary>
    /// <exception cref="KernelSessionException">There is one, and <c>Kernel:TakeOver</c> is not set.</exception>
    public void Check(IEnumerable<JournaledDaemon> replaced)
    {
        foreach (JournaledDaemon occupant in replaced)
        {
            if (!options.Kernel.TakeOver)
                throw Occupied(occupant.ToDaemon());
            log.TakingOver(occupant.ToDaemon());
        }
    }

    private static KernelSessionException Occupied(SyncDaemon occupant) => new(
        $"A sync daemon of somebody else already runs in this kernel: {occupant}. "
        + "Stop it where it was started (keepalived's lvs_sync_daemon, ipvsadm --start-daemon), or set Kernel:TakeOver to replace it.");
}
