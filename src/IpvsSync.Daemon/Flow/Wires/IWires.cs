using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Opens all that a director sends to and receives from, by lane, whatever links and ways it takes. Each call opens a new wire, which the caller disposes;
/// the pipelines open theirs anew each time they start. One thread at a time.
/// </summary>
internal interface IWires
{
    /// <summary>How large the messages to the peers may be at any time.</summary>
    WireSize Size { get; }

    /// <summary>The ways on which each message leaves, by number.</summary>
    IReadOnlyList<ProbePath> Paths { get; }

    /// <summary>Opens the sender of a lane to the peers.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IDatagramSender OpenPeerSender(int lane);

    /// <summary>Opens the receivers of a lane of the peers' messages: one for each of <see cref="Options.SyncOptions.Interface"/>, or two with a group and peers.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IReadOnlyList<LinkReceiver> OpenPeerReceivers(int lane);

    /// <summary>Opens the receiver on the port behind the last lane, where a peer with more lanes sends, on the first interface.</summary>
    /// <exception cref="KernelException">The kernel refused the socket. EADDRINUSE: another program holds the port.</exception>
    IDatagramReceiver OpenStrayReceiver();

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
