using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>A sysctl of <c>net.ipv4.vs</c> that the options need. As text: <c>net.ipv4.vs.sync_ports is 1, and must be 4</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Found">The value that it has; null if the kernel does not have it.</param>
/// <param name="Needed">The value that the daemon would write.</param>
internal sealed record SysctlNeed(string Name, string? Found, string Needed)
{
    /// <summary>Whether what was found suffices.</summary>
    public bool IsMet => Found is not null && SysctlCheck.Suffices(Name, Found, Needed);

    /// <summary>As <c>sysctl -w</c> takes it.</summary>
    public string Assignment => $"net.ipv4.vs.{Name}={Quoted(Needed)}";

    /// <inheritdoc/>
    public override string ToString() => Found is null
        ? $"net.ipv4.vs.{Name} does not exist in this kernel, and must be {Range}"
        : $"net.ipv4.vs.{Name} is {Quoted(Found)}, and must be {Range}";

    private string Range => Name switch
    {
        IpvsSysctls.SyncQlenMax or IpvsSysctls.SyncSockSize or IpvsSysctls.SyncRetries => $"{Needed} or more",
        IpvsSysctls.SyncRefreshPeriod when Needed is not "0" and not "1" => $"1 to {Needed}",
        _ => Quoted(Needed),
    };

    private static string Quoted(string value) => value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value;
}
