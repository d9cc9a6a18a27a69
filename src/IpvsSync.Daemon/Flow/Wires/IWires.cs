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
