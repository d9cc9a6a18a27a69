using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The sysctls and the two daemons on the loopback that the options need in the kernel.</summary>
internal static class KernelSettings
{
    /// <summary>
    /// <c>sync_maxlen</c> of the feed in bytes: one IPv4 entry a message, so that each record pushes out the one before it.
    /// Messages to the peers carry many.
    /// </summary>
    public const ushort FeedMessageSize = 56;

    // The kernel exceeds the size for a single entry, of 373 bytes at most (spec §2.6).
    private const int LargestSingle = 8 + 373;

    /// <summary>
    /// The longest refresh period of the feed in seconds: the longest time without a record of a busy connection.
    /// Records that come too often are not sent to the peers (<see cref="RefreshPolicy"/>).
    /// </summary>
    private const int LongestFeedRefresh = 20;

    /// <summary>Bytes of the largest message of the feed. A master that somebody else started may send any length.</summary>
    public static int LargestFeedMessage(SyncOptions options) => options.Kernel.IsManaged ? LargestSingle : DatagramBuffer.MaxPayload;

    /// <summary>
    /// <c>sync_refresh_period</c> of the feed in seconds. With 0 the kernel would report a template with every packet. But if the operator
    /// sets neither period, only the threshold decides, and a refresh period would override it (spec §4.3, step 5).
    /// </summary>
    public static int FeedRefresh(SyncOptions options)
    {
        if (options.SyncRefreshPeriod == 0 && options.SyncPeriod == 0)
            return 0;
        return options.SyncRefreshPeriod == 0 ? LongestFeedRefresh : Math.Min(options.SyncRefreshPeriod, LongestFeedRefresh);
    }

    /// <summary>
    /// How often an unchanged connection is sent. If the feed's policy is ours, the timeouts sent are longer by the time in which the feed may
    /// report nothing.
    /// </summary>
    public static RefreshSettings Refresh(SyncOptions options)
    {
        bool isOurs = options.Kernel.IsManaged || options.Kernel.Mode == KernelMode.Embedded;
        return RefreshSettings.For(options.SyncRefreshPeriod, options.SyncRetries, isOurs ? (uint)FeedRefresh(options) : 0);
    }

    /// <summary>
    /// <c>sync_retries</c> of the feed, at least 1. With 0 the kernel would take a new connection whose timeout is shorter than the refresh
    /// period for one that was just sent (spec §4.7, example 24).
    /// </summary>
    public static int FeedRetries(SyncOptions options) => Math.Max(options.SyncRetries, 1);

    /// <summary>
    /// The sysctls that are needed, with values as the kernel spells them. The policy concerns masters: a director that is only a backup leaves it
    /// alone, since somebody else's master may use it.
    /// </summary>
    public static IReadOnlyList<(string Name, string Value)> Sysctls(SyncOptions options)
    {
        List<(string, string)> wanted = [(IpvsSysctls.SyncPorts, $"{options.SyncPorts}")];
        if (options.IsMaster)
            wanted.AddRange(Policy(options));
        if (options.SocketBufferSize > 0)
            wanted.Add((IpvsSysctls.SyncSockSize, $"{options.SocketBufferSize}"));
        return wanted;
    }

    /// <summary>Bytes of a message to the kernel at most.</summary>
    public static int InjectMessageSize(KernelOptions kernel)
        => kernel.IsManaged && kernel.Interface == KernelOptions.Loopback ? FlowConstants.InjectMessageSize : FlowConstants.EthernetMessageSize;

    /// <summary>The kernel daemons that the role needs.</summary>
    public static IReadOnlyList<SyncDaemon> Daemons(SyncOptions options)
    {
        List<SyncDaemon> daemons = [];
        if (options.IsMaster)
            daemons.Add(Daemon(options, SyncDaemonRole.Master));
        if (options.IsBackup)
            daemons.Add(Daemon(options, SyncDaemonRole.Backup));
        return daemons;
    }

    /// <summary>
    /// True when <paramref name="daemon"/> can only be ours: it is on our interface and at our address, and a master has our message size,
    /// which nobody else would choose.
    /// </summary>
    public static bool IsOurs(SyncDaemon daemon, SyncOptions options)
    {
        SyncDaemon ours = Daemon(options, daemon.Role);
        return daemon.Interface == ours.Interface && daemon.Group.Equals(ours.Group) && daemon.Port == ours.Port
            && (daemon.Role == SyncDaemonRole.Backup || daemon.MaxLength == ours.MaxLength);
    }

    /// <summary>
    /// When the kernel's master reports. Only the kernel sees packet counts, so it applies the threshold; how often an unchanged connection
    /// is sent to the peers is decided again by us. The feed is always version 1, which carries everything.
    /// </summary>
    private static IEnumerable<(string Name, string Value)> Policy(SyncOptions options)
    {
        yield return (IpvsSysctls.SyncThreshold, $"{options.SyncThreshold} {options.SyncPeriod}");
        yield return (IpvsSysctls.SyncRefreshPeriod, $"{FeedRefresh(options)}");
        yield return (IpvsSysctls.SyncRetries, $"{FeedRetries(options)}");
        yield return (IpvsSysctls.SyncPersistMode, $"{options.SyncPersistMode}");
        yield return (IpvsSysctls.SyncVersion, "1");
        if (options.SyncQueueLength > 0)
            yield return (IpvsSysctls.SyncQlenMax, $"{options.SyncQueueLength}");
    }

    private static SyncDaemon Daemon(SyncOptions options, SyncDaemonRole role)
    {
        KernelOptions kernel = options.Kernel;
        bool isMaster = role == SyncDaemonRole.Master;
        return new SyncDaemon
        {
            Role = role,
            Interface = kernel.Interface,
            SyncId = (uint)kernel.SyncId,
            MaxLength = isMaster ? FeedMessageSize : (ushort)InjectMessageSize(kernel),
            Group = isMaster ? kernel.FeedGroup : kernel.InjectGroup,
            Port = (ushort)(isMaster ? kernel.FeedPort : kernel.InjectPort),
        };
    }
}
