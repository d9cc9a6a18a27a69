namespace IpvsSync.Daemon;

/// <summary>Sizes and times of the flow's sockets, batches and queues that the operator does not set, each with its reason.</summary>
internal static class FlowConstants
{
    // Sockets.

    /// <summary>
    /// Socket memory in bytes for the peers' messages where the operator sets none. The system's default holds about 90 full messages;
    /// a peer that starts or takes over sends thousands at once. Only datagrams that wait take memory.
    /// </summary>
    public const int PeerReceiveBuffer = 16 << 20;

    /// <summary>
    /// Socket memory in bytes for the kernel's feed. Its messages hold one entry each, and the kernel charges each of them with many
    /// times its length.
    /// </summary>
    public const int FeedReceiveBuffer = 16 << 20;

    // Receiving.

    /// <summary>Datagrams taken in one system call at most: beyond some 30, the call's own cost no longer matters.</summary>
    public const int ReceiveBatch = 32;

    /// <summary>
    /// Entries that are applied to the table together, so that the processor loads their records at the same time instead of one after
    /// the other.
    /// </summary>
    public const int ApplyGroup = 32;

    /// <summary>Peers with a record of their own; others are counted together. A sender that forges addresses must not fill our memory.</summary>
    public const int MaxPeers = 64;

    /// <summary>Milliseconds of silence after which a peer's record may be given to another.</summary>
    public const long PeerForgetMs = 3_600_000;

    // To the kernel.

    /// <summary>Bytes of a message to the kernel: its own size on Ethernet, which takes one page of socket memory.</summary>
    public const int InjectMessageSize = 1472;

    /// <summary>
    /// Longest time in milliseconds that a part-filled message to the kernel waits in a busy lane. The loopback is fast, and the peers'
    /// lanes have delayed the entries already.
    /// </summary>
    public const int InjectFlushMs = 2;

    /// <summary>
    /// Milliseconds after which an unchanged connection may be injected again: by this much at most the kernel's timers differ from ours.
    /// </summary>
    public const int InjectRefreshMs = 5000;

    /// <summary>
    /// How often an injector looks again at the kernel's full socket before it sleeps. The kernel empties half of it in less than the
    /// shortest sleep, which may be a tick.
    /// </summary>
    public const int InjectYields = 200;

    /// <summary>
    /// Milliseconds before the stop of the kernel's backup whose messages it may not have read: they are injected again when the backup
    /// starts anew.
    /// </summary>
    public const int InjectUnreadMs = 1000;

    // The director.

    /// <summary>Time between two rounds of housekeeping; the table's wheel has places of one second.</summary>
    public static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for the kernel to print the next part of its table.</summary>
    public static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(1);
}
