using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Sending;

/// <summary>The largest message that a lane sends (spec §2.6).</summary>
internal static class MessageSizes
{
    private const int LargestDatagram = 65535;

    /// <summary>
    /// Bytes of the largest IP packet of a message, unless the operator asks for larger ones: what every Ethernet carries. This interface's
    /// MTU says nothing about the switch and the peers behind it, which drop what is larger without a word.
    /// </summary>
    public const int EthernetMtu = 1500;

    /// <summary>
    /// The largest message to the peers, in bytes: as configured, else as large as the kernel's own daemon sends (spec §2.6), but no larger
    /// than what fits the interface's MTU without fragments.
    /// </summary>
    /// <param name="options">The configuration.</param>
    /// <param name="mtu">Bytes of the largest IP packet on the sync network, headers included.</param>
    public static int ForWire(SyncOptions options, int mtu)
    {
        int headers = HeaderSize(options);
        int wanted = options.MaxMessageSize != 0 ? options.MaxMessageSize : Math.Min(mtu, EthernetMtu) - headers;
        return Math.Clamp(wanted, 1, LargestDatagram - headers);
    }

    /// <summary>Bytes of the IP and UDP headers in the packet of a message: of IPv6, if any of the ways has it.</summary>
    public static int HeaderSize(SyncOptions options) => Addresses(options).Any(address => address.AddressFamily == AddressFamily.InterNetworkV6) ? 48 : 28;

    private static IEnumerable<IPAddress> Addresses(SyncOptions options)
        => options.Peers.Select(peer => peer.Address).Concat(options.Group is { } group ? [group] : []);
}
