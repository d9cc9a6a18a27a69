using System.Globalization;
using System.Net;

namespace IpvsSync.Linux.Ipvs;

/// <summary>One of the kernel's sync daemons: as it should be started, or as it runs (spec §7.3, DAEMON).</summary>
public sealed record SyncDaemon
{
    private static readonly IPAddress _defaultGroup = new([224, 0, 0, 81]);

    /// <summary>Whether it is a master or a backup.</summary>
    public required SyncDaemonRole Role { get; init; }

    /// <summary>The interface on which it sends or listens.</summary>
    public required string Interface { get; init; }

    /// <summary>The sync id. Only 0 to 255 fit on the wire. A backup with 0 accepts every id.</summary>
    public uint SyncId { get; init; }

    /// <summary>The largest message in bytes of UDP payload (sync_maxlen); 0 lets the kernel derive it from the interface's MTU.</summary>
    public ushort MaxLength { get; init; }

    /// <summary>The multicast group, IPv4 or IPv6.</summary>
    public IPAddress Group { get; init; } = _defaultGroup;

    /// <summary>The UDP port of the first thread; thread i uses port + i. 0 means the kernel's default, 8848.</summary>
    public ushort Port { get; init; } = 8848;

    /// <summary>The TTL or hop limit of a master; 0 means the kernel's default, 1.</summary>
    public byte Ttl { get; init; } = 1;

    /// <summary>The text for operators: <c>sync master on lo, group 224.0.0.81, port 8848, sync id 0, ttl 1</c>.</summary>
    public override string ToString()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"sync {NameOf(Role)} on {Interface}, group {Group}, port {Port}, sync id {SyncId}, ttl {Ttl}");
        return MaxLength == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, messages up to {MaxLength} bytes");
    }

    internal static string NameOf(SyncDaemonRole role) => role switch
    {
        SyncDaemonRole.Master => "master",
        SyncDaemonRole.Backup => "backup",
        _ => string.Create(CultureInfo.InvariantCulture, $"daemon of state {(int)role}"),
    };
}
