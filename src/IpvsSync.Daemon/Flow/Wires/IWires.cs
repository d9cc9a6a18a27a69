using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Opens all that a director sends to and receives from. Each call opens a new wire, which the caller disposes; the pipelines open
/// theirs anew each time they start. One thread at a time.
/// </summary>
/// <remarks>
/// A wire that signs, counts, or sends to several peers or links wraps the wires of another factory: the pipelines do not see the
/// difference.
/// </remarks>
internal interface IWires
{
    /// <summary>The MTU of the sync network in bytes: the largest IP packet, headers included.</summary>
    /// <exception cref="KernelException">ENODEV: there is no such interface.</exception>
    int Mtu { get; }

    /// <summary>Opens what watches the interface of the sync network, which need not exist.</summary>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    ILinkMonitor OpenLinkMonitor();

    /// <summary>Opens the sender of a lane to the peers.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IDatagramSender OpenPeerSender(int lane);

    /// <summary>Opens the receiver of a lane of the peers' messages.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IDatagramReceiver OpenPeerReceiver(int lane);

    /// <summary>Opens the receiver on the port behind the last lane, where a peer with more lanes sends.</summary>
    /// <exception cref="KernelException">The kernel refused the socket. EADDRINUSE: another program holds the port.</exception>
    IDatagramReceiver OpenStrayReceiver();

    /// <summary>Opens the receiver of a lane of the kernel's master.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IDatagramReceiver OpenFeed(int lane);

    /// <summary>Opens the sender of a lane to the kernel's backup.</summary>
    /// <param name="lane">From 0 to the number of lanes less one.</param>
    /// <exception cref="KernelException">The kernel refused the socket.</exception>
    IInjectorWire OpenInjector(int lane);
}
