using System.Net;

namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Kernel</c>: how this director's kernel is reached. Immutable.</summary>
internal sealed record KernelOptions
{
    /// <summary>The loopback interface.</summary>
    public const string Loopback = "lo";

    /// <summary>What stands for the kernel, and who runs its sync daemons.</summary>
    public KernelMode Mode { get; init; } = KernelMode.Auto;

    /// <summary>The interface on which we and the kernel's daemons meet.</summary>
    public string Interface { get; init; } = Loopback;

    /// <summary>The kernel's master sends to this group.</summary>
    public IPAddress FeedGroup { get; init; } = SyncOptions.DefaultGroup;

    /// <summary>Lane i of the kernel's master sends to this port + i.</summary>
    public int FeedPort { get; init; } = 18848;

    /// <summary>The kernel's backup listens on this group.</summary>
    public IPAddress InjectGroup { get; init; } = SyncOptions.DefaultGroup;

    /// <summary>Lane i of the kernel's backup listens on this port + i.</summary>
    public int InjectPort { get; init; } = 28848;

    /// <summary>Sync id between us and the kernel's daemons, 0-255.</summary>
    public int SyncId { get; init; }

    /// <summary>Whether to replace a sync daemon that another program started, and to start that one again at the stop.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Who sets the sysctls that the kernel's daemons need.</summary>
    public SysctlMode Sysctls { get; init; } = SysctlMode.Set;

    /// <summary>How connections leave the kernel.</summary>
    public KernelFeed Feed { get; init; } = KernelFeed.Auto;

    /// <summary>The socket of the process that loads the BPF program.</summary>
    public string FeedLoader { get; init; } = "/run/ipvs-syncd-feed.sock";

    /// <summary>Least milliseconds between two pushes of the kernel's last record; 0 = never.</summary>
    public int PushIntervalMs { get; init; } = 5;

    /// <summary>First of three IPv4 addresses that the pusher uses inside this director; they must exist nowhere else.</summary>
    public IPAddress PushAddress { get; init; } = new([192, 0, 2, 1]);

    /// <summary>Whether we start and stop the kernel's sync daemons.</summary>
    public bool IsManaged => Mode is KernelMode.Auto or KernelMode.Ipvs;

    /// <summary>Whether connections are read from and written to a kernel.</summary>
    public bool IsConnected => IsManaged || Mode == KernelMode.Attached;
}
