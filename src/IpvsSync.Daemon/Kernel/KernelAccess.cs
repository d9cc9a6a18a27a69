using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The ways to the kernel that a <see cref="KernelSession"/> uses. The session closes them. One thread at a time.</summary>
/// <param name="Claim">Keeps other daemons away from this kernel.</param>
/// <param name="Client">The netlink client.</param>
/// <param name="Sysctls">The settings of <c>net.ipv4.vs</c>.</param>
/// <param name="Place">The boot and the network namespace that all of these belong to.</param>
internal sealed record KernelAccess(NamespaceClaim Claim, IpvsClient Client, IpvsSysctls Sysctls, KernelPlace Place) : IDisposable
{
    /// <summary>Opens another netlink client, for a thread that may not use this one.</summary>
    public Func<IpvsClient> Reopen { get; init; } = IpvsClient.Open;

    /// <summary>Claims the kernel of this process's network namespace, and opens it.</summary>
    /// <exception cref="KernelSessionException">Another daemon holds the claim.</exception>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="KernelException">Netlink failed.</exception>
    public static KernelAccess Open()
    {
        var claim = NamespaceClaim.Acquire();
        try
        {
            var place = KernelPlace.Current();
            return new KernelAccess(claim, IpvsClient.Open(), new IpvsSysctls(), place);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Closes the netlink client and gives up the claim.</summary>
    public void Dispose()
    {
        Client.Dispose();
        Claim.Dispose();
    }
}
