namespace IpvsSync.Linux.Ipvs;

/// <summary>The kernel has no IPVS and could not load it. The message is one sentence for the operator.</summary>
public sealed class IpvsUnavailableException : IOException
{
    internal IpvsUnavailableException(Exception? cause = null)
        : base("This kernel has no IPVS: load it with `modprobe ip_vs` on the host.", cause)
    {
    }
}
