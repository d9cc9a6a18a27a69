using System.Globalization;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Whether the sysctls that somebody else has set suffice for the options (<see cref="SysctlMode.Check"/>). Only reads them.</summary>
internal static class SysctlCheck
{
    /// <summary>Makes sure that the sysctls suffice.</summary>
    /// <returns>The values that were found, with their names.</returns>
    /// <exception cref="KernelSessionException">Some do not; the message has a line for each, and the command that sets them.</exception>
    /// <exception cref="KernelException">One cannot be read.</exception>
    public static string Require(SyncOptions options, IpvsSysctls sysctls)
    {
        IReadOnlyList<SysctlNeed> needs = Read(options, sysctls);
        List<SysctlNeed> unmet = [.. needs.Where(need => !need.IsMet)];
        if (unmet.Count == 0)
            return string.Join(", ", needs.Select(need => $"{need.Name} {need.Found}"));
        throw new KernelSessionException(
            "Kernel:Sysctls is Check, so the daemon sets no sysctl, and those of this kernel do not suffice:" + string.Concat(unmet.Select(need => $"\n  {need}"))
            + $"\nSet them on the host, as root: sysctl -w {string.Join(' ', unmet.Select(need => need.Assignment))}");
    }

    /// <summary>A sentence for each sysctl that does not suffice, for whoever checks a configuration; none where a kernel without IPVS says nothing.</summary>
    public static IEnumerable<string> Warnings(SyncOptions options, IpvsSysctls sysctls)
    {
        if (options.Kernel is not { IsManaged: true, Sysctls: SysctlMode.Check } || !sysctls.Exists(IpvsSysctls.SyncPorts))
            return [];
        try
        {
            return [.. Read(options, sysctls).Where(need => !need.IsMet).Select(need => $"IpvsSync:Kernel:Sysctls: {need}")];
        }
        catch (KernelException exception)
        {
            return [$"IpvsSync:Kernel:Sysctls: cannot check: {exception.Message}"];
        }
    }

    /// <summary>Whether a value serves as well as the one that we would write.</summary>
    /// <param name="name">The sysctl.</param>
    /// <param name="found">The value that it has.</param>
    /// <param name="needed">The value that we would write.</param>
    public static bool Suffices(string name, string found, string needed) => found == needed || (name switch
    {
        // A longer queue and a larger buffer lose less. Of more repetitions, the peers are sent no more (RefreshPolicy).
        IpvsSysctls.SyncQlenMax or IpvsSysctls.SyncSockSize or IpvsSysctls.SyncRetries => Number(found) >= Number(needed),
        // A shorter period reports more often, but 0 is none (spec §4.3, steps 4 and 5).
        IpvsSysctls.SyncRefreshPeriod => Number(found) >= 1 && Number(found) <= Number(needed),
        IpvsSysctls.SyncPersistMode => Number(found) is not null and not 0 && Number(needed) is not 0,
        _ => false,
    });

    private static IReadOnlyList<SysctlNeed> Read(SyncOptions options, IpvsSysctls sysctls)
        => [.. KernelSettings.Sysctls(options).Select(wanted => new SysctlNeed(wanted.Name, sysctls.Exists(wanted.Name) ? sysctls.Read(wanted.Name) : null, wanted.Value))];

    private static decimal? Number(string value)
        => decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
