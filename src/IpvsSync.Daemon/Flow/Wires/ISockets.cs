using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Opens single sockets: one for each lane and way of the sync network, and those to this director's kernel. Each call opens a new one, which the caller
/// disposes. One thread at a time for each lane.
/// </summary>
internal interface ISockets
{
    /// <summary>The ways on which every message leaves; at least one.</summary>
    IReadOnlyList<SyncPath> Paths { get; }

    /// <summary>Opens what watches an interface of the sync network, which need not exist.</summary>
    /// <param name="name">The interface.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    ILinkMonitor OpenLinkMonitor(string name);

    /// <summary>Opens the sender of a lane on one way.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <param name="path">The way.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IPathSender OpenSender(int lane, SyncPath path);

    /// <summary>Opens the receiver of a lane on one interface.</summary>
    /// <param name="lane">From 0 to the number of lanes; that number is the port behind the last lane, where a peer with more lanes sends.</param>
    /// <param name="name">The interface.</param>
    /// <param name="isGroup">Whether it receives what is sent to the group, or to this host.</param>
    /// <exception cref="KernelException">The kernel refused the socket. EADDRINUSE: another program holds the port.</exception>
    IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup);

    /// <summary>Opens the receiver of a lane of the kernel's master.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IDatagramReceiver OpenFeed(int lane);

    /// <summary>Has the BPF program loaded that tells of this director's connections. By default there is none.</summary>
    /// <param name="refusal">Why there is none; null if there is one.</param>
    IFeedRing? OpenRing(out FeedRefusal? refusal)
    {
        refusal = new FeedRefusal(FeedRefusalKind.Unsupported, "there is no kernel");
        return null;
    }

    /// <summary>Opens the sender of a lane to the kernel's backup.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IInjectorWire OpenInjector(int lane);
}
