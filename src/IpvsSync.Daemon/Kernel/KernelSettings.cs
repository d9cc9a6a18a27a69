using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>What the options ask of the kernel: its sysctls and the two daemons on the loopback.</summary>
internal static class KernelSettings
{
    /// <summary>
    /// <c>sync_maxlen</c> of the feed in bytes: one IPv4 entry a message, so that every next record pushes the last one out.
    /// The wire to the peers is batched by us.
    /// </summary>
    public const ushort FeedMessageSize = 56;

    // The kernel exceeds the size for a single entry, of 373 bytes at most (spec §2.6).
    private const int LargestSingle = 8 + 373;

    /// <summary>
    /// The longest refresh period of the feed in seconds: how long at most the kernel may say nothing about a busy connection.
    /// What it says too often never leaves (<see cref="RefreshPolicy"/>).
    /// </summary>
    private const int LongestFeedRefresh = 20;

    /// <summary>Bytes of the largest message that the feed can bring: of a kernel's master that somebody else started, any.</summary>
    public static int LargestFeedMessage(SyncOptions options) => options.Kernel.IsManaged ? LargestSingle : DatagramBuffer.MaxPayload;

    /// <summary>
    /// <c>sync_refresh_period</c> of the feed in seconds. Without one the kernel would tell of a template with every packet; but with
    /// neither period, the threshold counts from the first packet only, and a refresh period would make it void (spec §4.3, step 5).
    /// </summary>
    public static int FeedRefresh(SyncOptions options)
    {
        if (options.SyncRefreshPeriod == 0 && options.SyncPeriod == 0)
            return 0;
        return options.SyncRefreshPeriod == 0 ? LongestFeedRefresh : Math.Min(options.SyncRefreshPeriod, LongestFeedRefresh);
    }

    /// <summary>
    /// How often an unchanged connection leaves. The timeouts told cover what the feed leaves out, if its policy is ours.
    /// </summary>
    public static RefreshSettings Refresh(SyncOptions options)
    {
        bool isOurs = options.Kernel.IsManaged || options.Kernel.Mode == KernelMode.Embedded;
        return RefreshSettings.For(options.SyncRefreshPeriod, options.SyncRetries, isOurs ? (uint)FeedRefresh(options) : 0);
    }

    /// <summary>
    /// <c>sync_retries</c> of the feed: at least one, without which a new connection of a timeout shorter than the refresh period
    /// would be taken for one that was just sent (spec §4.7, example 24).
    /// </summary>
    public static int FeedRetries(SyncOptions options) => Math.Max(options.SyncRetries, 1);

    /// <summary>
    /// The sysctls to be set, with the kernel's spelling of their values. The policy is a master's: a director that only learns leaves
    /// it alone, since it may be that of somebody else's master.
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

    /// <summary>The kernel daemons for the role.</summary>
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
    /// True when <paramref name="daemon"/> stands where only ours would: on our meeting interface, at our address, and a master with our
    /// message size, which nobody else would choose.
    /// </summary>
    public static bool IsOurs(SyncDaemon daemon, SyncOptions options)
    {
        SyncDaemon ours = Daemon(options, daemon.Role);
        return daemon.Interface == ours.Interface && daemon.Group.Equals(ours.Group) && daemon.Port == ours.Port
            && (daemon.Role == SyncDaemonRole.Backup || daemon.MaxLength == ours.MaxLength);
    }

    /// <summary>
    /// When the kernel's master tells us. Packet counts are visible to it alone, so the threshold is its affair; how often an
    /// unchanged connection leaves is decided by us once more. The feed is always version 1: it carries everything.</summary>
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
            MaxLength = isMaster ? FeedMessageSize : (ushort)0,
            Group = isMaster ? kernel.FeedGroup : kernel.InjectGroup,
            Port = (ushort)(isMaster ? kernel.FeedPort : kernel.InjectPort),
        };
    }
}
