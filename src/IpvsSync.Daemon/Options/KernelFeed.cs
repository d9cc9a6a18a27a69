namespace IpvsSync.Daemon.Options;

/// <summary>How connections leave the kernel. Key <c>Kernel:Feed</c>.</summary>
internal enum KernelFeed
{
    /// <summary>As <see cref="Bpf"/> where that is possible, else as <see cref="Master"/>; the log says why.</summary>
    Auto,

    /// <summary>A BPF program tells of each connection at once, and the kernel's master confirms it. Not possible is an error.</summary>
    Bpf,

    /// <summary>The kernel's master tells of them, and packets of ours push its records out.</summary>
    Master,
}
