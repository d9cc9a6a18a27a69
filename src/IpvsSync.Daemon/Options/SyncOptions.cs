using System.Net;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Section <c>IpvsSync</c> of the configuration. Immutable, checked before anything starts. Defaults are those of the annotated
/// reference; three defaults of the policy differ from the kernel's on purpose.
/// </summary>
internal sealed record SyncOptions
{
    /// <summary>The kernel's own sync group, for both protocol versions (spec §0.4).</summary>
    public static readonly IPAddress DefaultGroup = new([224, 0, 0, 81]);

    /// <summary>Which pipelines run.</summary>
    public Role Role { get; init; } = Role.Both;

    /// <summary>0-255; a backup with 0 accepts any.</summary>
    public int SyncId { get; init; }

    /// <summary>Interfaces of the sync network, at most <see cref="FlowConstants.MaxLinks"/>: everything goes over each of them.</summary>
    public ValueList<string> Interface { get; init; } = [];

    /// <summary>Whether the daemon starts though an interface does not exist yet.</summary>
    public bool WaitForInterface { get; init; }

    /// <summary>IPv4 or IPv6 multicast group of the sync network; null: none, the <see cref="Peers"/> alone are sent to.</summary>
    public IPAddress? Group { get; init; } = DefaultGroup;

    /// <summary>Hosts that are sent to one by one, at most <see cref="FlowConstants.MaxUnicastPeers"/>. If there are any, nobody else is heard.</summary>
    public ValueList<PeerAddress> Peers { get; init; } = [];

    /// <summary>First UDP port; lane i uses this + i.</summary>
    public int Port { get; init; } = 8848;

    /// <summary>Multicast TTL or hop limit, 1-255.</summary>
    public int Ttl { get; init; } = 1;

    /// <summary><c>sync_maxlen</c> in bytes; 0 = what fits the interface's MTU.</summary>
    public int MaxMessageSize { get; init; }

    /// <summary>The protocol version sent; both are received.</summary>
    public SyncVersion SyncVersion { get; init; } = SyncVersion.V1;

    /// <summary>Lanes: <c>sync_ports</c>.</summary>
    public int SyncPorts { get; init; } = 1;

    /// <summary>First number of <c>sync_threshold</c>, in packets.</summary>
    public int SyncThreshold { get; init; }

    /// <summary>Second number of <c>sync_threshold</c>, in packets.</summary>
    public int SyncPeriod { get; init; }

    /// <summary><c>sync_refresh_period</c> in seconds.</summary>
    public int SyncRefreshPeriod { get; init; } = 60;

    /// <summary><c>sync_retries</c>, 0-3.</summary>
    public int SyncRetries { get; init; } = 1;

    /// <summary>Seconds within which each connection that lives is told again, packets or not; 0 is off.</summary>
    public int IdleRefreshPeriod { get; init; }

    /// <summary><c>sync_persist_mode</c>; 0 is off.</summary>
    public int SyncPersistMode { get; init; }

    /// <summary><c>sync_qlen_max</c> in messages a lane; 0 = derived from memory as the kernel does.</summary>
    public int SyncQueueLength { get; init; }

    /// <summary><c>sync_sock_size</c> in bytes; 0 = the system's default.</summary>
    public int SocketBufferSize { get; init; }

    /// <summary>Longest time in milliseconds that a part-filled message waits.</summary>
    public int FlushIntervalMs { get; init; } = 20;

    /// <summary>
    /// Whether messages are numbered and losses repaired between daemons of this kind; false: every byte is as the kernel would send it.
    /// </summary>
    public bool Extensions { get; init; } = true;

    /// <summary>The most connections of the table; 0 = derived from memory. The peers' may take seven eighths.</summary>
    public int MaxConnections { get; init; }

    /// <summary>How this director's kernel is reached.</summary>
    public KernelOptions Kernel { get; init; } = new();

    /// <summary>Who may speak to this director.</summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    /// <summary>How long a director that starts waits for what its peers know.</summary>
    public ResyncOptions Resync { get; init; } = new();

    /// <summary>Where metrics can be read.</summary>
    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>Path of the Unix socket that the verbs connect to; the journal of changes in the kernel lies beside it.</summary>
    public string ControlSocket { get; init; } = "/run/ipvs-sync/control.sock";

    /// <summary>Name or number of the group whose members may change the running daemon, beside root and its own user; empty: none.</summary>
    public string ControlGroup { get; init; } = "";

    /// <summary>Whether this director sends its connections to the peers.</summary>
    public bool IsMaster => Role != Role.Backup;

    /// <summary>Whether this director takes over the peers' connections.</summary>
    public bool IsBackup => Role != Role.Master;
}
