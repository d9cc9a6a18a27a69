using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The place of changes: sysctls and daemons belong to a network namespace, and end with the boot.</summary>
/// <param name="Boot">The kernel's name for this boot.</param>
/// <param name="Namespace">The inode of the network namespace. A later namespace can have it again.</param>
/// <param name="Cookie">The kernel's number of the namespace, never used again in a boot; null where the kernel has none.</param>
internal sealed record KernelPlace(string Boot, string Namespace, ulong? Cookie = null)
{
    /// <summary>This boot and this thread's network namespace.</summary>
    public static KernelPlace Current()
    {
        string link = File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)?.Name ?? "";
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        return new KernelPlace(boot, string.Concat(link.Where(char.IsAsciiDigit)), NetworkNamespace.Cookie());
    }

    /// <summary>Whether changes that were made there are changes of this kernel and namespace.</summary>
    /// <param name="boot">The boot of the changes.</param>
    /// <param name="cookie">The number of their namespace; null if it was not known.</param>
    public bool Has(string boot, ulong? cookie) => boot == Boot && (cookie is null || Cookie is null || cookie == Cookie);
}
