using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>What of the kernel has to be changed for a role, or is left to undo from a wider one. Values only; nothing is done here.</summary>
internal static class KernelDiff
{
    /// <summary>Whether the role has a kernel daemon of that kind.</summary>
    public static bool IsNeeded(SyncDaemonRole role, SyncOptions options) => role == SyncDaemonRole.Master ? options.IsMaster : options.IsBackup;

    /// <summary>What <paramref name="options"/> need beside <paramref name="made"/>.</summary>
    /// <param name="made">The changes made already.</param>
    /// <param name="options">What shall hold.</param>
    /// <param name="running">The kernel's daemons.</param>
    /// <param name="sysctl">A sysctl's value.</param>
    public static KernelChanges More(KernelChanges made, SyncOptions options, IEnumerable<SyncDaemon> running, Func<string, string> sysctl)
    {
        JournaledDaemon[] started = [.. KernelSettings.Daemons(options)
            .Where(daemon => !made.Started.Exists(ours => ours.Role == daemon.Role)).Select(JournaledDaemon.From)];
        return new KernelChanges
        {
            Started = [.. started],
            Replaced = [.. running.Where(daemon => started.Any(ours => ours.Role == daemon.Role)).Select(JournaledDaemon.From)],
            PushAddress = made.PushAddress is null && Pushes(options) ? options.Kernel.PushAddress.ToString() : null,
            Sysctls = [.. KernelSettings.Sysctls(options)
                .Where(wanted => !made.Sysctls.Exists(change => change.Name == wanted.Name))
                .Select(wanted => new SysctlChange(wanted.Name, sysctl(wanted.Name), wanted.Value))
                .Where(change => change.Found != change.Written)],
        };
    }

    /// <summary>Both.</summary>
    public static KernelChanges Join(KernelChanges made, KernelChanges more) => made with
    {
        Started = [.. made.Started, .. more.Started],
        Replaced = [.. made.Replaced, .. more.Replaced],
        PushAddress = made.PushAddress ?? more.PushAddress,
        Sysctls = [.. made.Sysctls, .. more.Sysctls],
    };

    /// <summary>What of <paramref name="made"/> was made for a pipeline that <paramref name="options"/> do not have.</summary>
    public static KernelChanges Surplus(KernelChanges made, SyncOptions options)
    {
        IReadOnlyList<(string Name, string Value)> kept = KernelSettings.Sysctls(options);
        return made with
        {
            Started = made.Started.FindAll(daemon => !IsNeeded(daemon.Role, options)),
            Replaced = made.Replaced.FindAll(daemon => !IsNeeded(daemon.Role, options)),
            PushAddress = Pushes(options) ? null : made.PushAddress,
            Sysctls = made.Sysctls.FindAll(change => kept.All(pair => pair.Name != change.Name)),
        };
    }

    /// <summary>What is left of <paramref name="made"/> when <paramref name="undone"/> is.</summary>
    public static KernelChanges Without(KernelChanges made, KernelChanges undone) => made with
    {
        Started = [.. made.Started.Except(undone.Started)],
        Replaced = [.. made.Replaced.Except(undone.Replaced)],
        PushAddress = undone.PushAddress is null ? made.PushAddress : null,
        Sysctls = [.. made.Sysctls.Except(undone.Sysctls)],
    };

    private static bool Pushes(SyncOptions options) => options.IsMaster && options.Kernel.PushIntervalMs > 0;
}
