using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Computes which changes a role needs in the kernel, and which changes of a wider role it does not need. Changes nothing itself.</summary>
internal static class KernelDiff
{
    /// <summary>Whether the options need a kernel daemon of that role.</summary>
    public static bool IsNeeded(SyncDaemonRole role, SyncOptions options) => role == SyncDaemonRole.Master ? options.IsMaster : options.IsBackup;

    /// <summary>The changes that <paramref name="options"/> need in addition to <paramref name="made"/>.</summary>
    /// <param name="made">The changes already made.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="running">The daemons that run in the kernel.</param>
    /// <param name="sysctl">Reads a sysctl.</param>
    public static KernelChanges More(KernelChanges made, SyncOptions options, IEnumerable<SyncDaemon> running, Func<string, string> sysctl)
    {
        JournaledDaemon[] started = [.. KernelSettings.Daemons(options)
            .Where(daemon => !made.Started.Exists(ours => ours.Role == daemon.Role)).Select(JournaledDaemon.From)];
        return new KernelChanges
        {
            Started = [.. started],
            Replaced = [.. running.Where(daemon => started.Any(ours => ours.Role == daemon.Role)).Select(JournaledDaemon.From)],
            PushAddress = made.PushAddress is null && Pushes(options) ? options.Kernel.PushAddress.ToString() : null,
            Sysctls = options.Kernel.Sysctls == SysctlMode.Check ? [] : [.. KernelSettings.Sysctls(options)
                .Where(wanted => !made.Sysctls.Exists(change => change.Name == wanted.Name))
                .Select(wanted => new SysctlChange(wanted.Name, sysctl(wanted.Name), wanted.Value))
                .Where(change => change.Found != change.Written)],
        };
    }

    /// <summary>The changes of <paramref name="made"/> and of <paramref name="more"/> together.</summary>
    public static KernelChanges Join(KernelChanges made, KernelChanges more) => made with
    {
        Started = [.. made.Started, .. more.Started],
        Replaced = [.. made.Replaced, .. more.Replaced],
        PushAddress = made.PushAddress ?? more.PushAddress,
        Sysctls = [.. made.Sysctls, .. more.Sysctls],
    };

    /// <summary>The changes of <paramref name="made"/> that <paramref name="options"/> do not need.</summary>
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

    /// <summary>The changes of <paramref name="made"/> that remain after <paramref name="undone"/> were undone.</summary>
    public static KernelChanges Without(KernelChanges made, KernelChanges undone) => made with
    {
        Started = [.. made.Started.Except(undone.Started)],
        Replaced = [.. made.Replaced.Except(undone.Replaced)],
        PushAddress = undone.PushAddress is null ? made.PushAddress : null,
        Sysctls = [.. made.Sysctls.Except(undone.Sysctls)],
    };

    private static bool Pushes(SyncOptions options) => options.IsMaster && options.Kernel.PushIntervalMs > 0;
}
