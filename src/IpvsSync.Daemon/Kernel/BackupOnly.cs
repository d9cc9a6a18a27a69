using System.Globalization;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The kernel's setting <c>backup_only</c>: while its backup runs, the kernel lets clients' packets pass it by (spec §4.6). Directors that
/// are also real servers set it, so that a standby does not balance once more what the active director has sent to it. An active director
/// must then not run the kernel's backup.
/// </summary>
internal static class BackupOnly
{
    /// <summary>Reads the setting.</summary>
    /// <returns>Whether it is on; null if it cannot be read, or the kernel has none.</returns>
    public static bool? IsOn(IpvsSysctls sysctls)
    {
        try
        {
            return int.TryParse(
                sysctls.Read(IpvsSysctls.BackupOnly), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value != 0 : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }

    /// <summary>
    /// The options that hold in the kernel: a director that sends is not the standby, so the kernel's backup does not run beside the
    /// kernel's master. Only where the kernel's daemons are ours.
    /// </summary>
    /// <param name="options">The options in force.</param>
    /// <param name="isOn">Whether the setting is on.</param>
    public static SyncOptions InKernel(SyncOptions options, bool isOn)
        => isOn && options is { Role: Role.Both, Kernel.IsManaged: true } ? options with { Role = Role.Master } : options;

    /// <summary>What the setting means for a configuration, for whoever checks one; null if nothing.</summary>
    public static string? Warning(SyncOptions options, bool isOn) => (isOn && options.Kernel.IsConnected, options.Role) switch
    {
        (true, Role.Both) => "IpvsSync:Role: net.ipv4.vs.backup_only is on, so the kernel balances nothing while its backup runs. With Role Both "
            + "the daemon does not run it, and the peers' connections do not reach the kernel: let keepalived set the role "
            + "(ipvs-syncd-notify), or turn the setting off",
        (true, Role.Backup) => "IpvsSync:Role: net.ipv4.vs.backup_only is on, so the kernel balances nothing while the role is Backup",
        _ => null,
    };
}
