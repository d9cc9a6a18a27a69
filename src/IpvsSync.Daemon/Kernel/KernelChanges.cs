using System.Net;
using System.Text.Json.Serialization;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The changes in the kernel that a clean stop, or the start after a kill, has to undo.</summary>
internal sealed record KernelChanges
{
    /// <summary>The boot in which the changes were made. A reboot undoes them.</summary>
    [JsonRequired]
    public string Boot { get; init; } = "";

    /// <summary>The network namespace in which they were made, by <see cref="KernelPlace.Cookie"/>. Its end undoes them.</summary>
    public ulong? Cookie { get; init; }

    /// <summary>Daemons that we started.</summary>
    [JsonRequired]
    public List<JournaledDaemon> Started { get; init; } = [];

    /// <summary>Daemons of others that we stopped to start ours.</summary>
    [JsonRequired]
    public List<JournaledDaemon> Replaced { get; init; } = [];

    /// <summary>The address of the pusher's private service; null without a pusher.</summary>
    public string? PushAddress { get; init; }

    /// <summary>Sysctls that we wrote.</summary>
    [JsonRequired]
    public List<SysctlChange> Sysctls { get; init; } = [];

    /// <summary>What in changes that were read from a file cannot be undone, because it is no value of its kind; null if all can.</summary>
    public string? Fault()
    {
        if (PushAddress is not null && !IPAddress.TryParse(PushAddress, out _))
            return $"PushAddress '{PushAddress}' is no address";
        return Started.Concat(Replaced).Select(daemon => daemon?.Fault() ?? "a daemon is null").Concat(Sysctls.Select(FaultOf))
            .FirstOrDefault(fault => fault.Length > 0);
    }

    private static string FaultOf(SysctlChange? change) => change is null ? "a sysctl is null"
        : change.Name.Length > 0 && change.Name.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? ""
        : $"'{change.Name}' is no sysctl of net.ipv4.vs";
}

/// <summary>A sysctl's value as it was found and as we wrote it.</summary>
internal sealed record SysctlChange(string Name, string Found, string Written);

/// <summary>A <see cref="SyncDaemon"/> in types that JSON can carry.</summary>
internal sealed record JournaledDaemon(SyncDaemonRole Role, string Interface, uint SyncId, ushort MaxLength, string Group, ushort Port, byte Ttl)
{
    /// <summary>Converts <paramref name="daemon"/>.</summary>
    public static JournaledDaemon From(SyncDaemon daemon)
        => new(daemon.Role, daemon.Interface, daemon.SyncId, daemon.MaxLength, daemon.Group.ToString(), daemon.Port, daemon.Ttl);

    /// <summary>Converts back.</summary>
    public SyncDaemon ToDaemon() => new()
    {
        Role = Role,
        Interface = Interface,
        SyncId = SyncId,
        MaxLength = MaxLength,
        Group = IPAddress.Parse(Group),
        Port = Port,
        Ttl = Ttl,
    };

    /// <summary>Why it cannot be converted back; empty if it can.</summary>
    public string Fault() => !Enum.IsDefined(Role) ? $"'{Role}' is no role of a daemon"
        : IPAddress.TryParse(Group, out _) ? "" : $"Group '{Group}' of a daemon is no address";
}
