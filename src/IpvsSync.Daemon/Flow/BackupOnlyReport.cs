using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>Says what <c>backup_only</c> of this director's kernel means for its role.</summary>
internal static class BackupOnlyReport
{
    /// <summary>The setting was found at the start, or somebody has changed it.</summary>
    public static void Found(SyncOptions options, bool isOn, ILogger log)
    {
        if (!isOn)
            log.BackupOnlyOff(options.Role.ToString());
        else if (!options.IsBackup)
            log.BackupOnlyUnused(options.Role.ToString());
        else if (!options.IsMaster)
            log.BackupOnlyStandby();
        else if (options.Kernel.IsManaged)
            log.BackupOnlyHeld();
        else
            log.BackupOnlyForeign();
    }

    /// <summary>Somebody has asked for this role while the setting is on: that is how it is meant.</summary>
    public static void Asked(SyncOptions options, ILogger log)
    {
        if (options is { IsMaster: true, IsBackup: true, Kernel.IsManaged: true })
            log.BackupOnlyActive();
        else
            Found(options, isOn: true, log);
    }
}
