using System.Net.Sockets;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Links;

namespace IpvsSync.Daemon.Sending;

/// <summary>The largest message that a lane sends (spec §2.6).</summary>
internal static class MessageSizes
{
    private const int LargestDatagram = 65535;

    /// <summary>Bytes of the largest message to the peers: as configured, else what fits the interface's MTU unfragmented.</summary>
    public static int ForWire(SyncOptions options)
    {
        int headers = HeaderSize(options);
        int wanted = options.MaxMessageSize != 0 ? options.MaxMessageSize : NetworkInterfaces.Mtu(options.Interface) - headers;
        return Math.Clamp(wanted, 1, LargestDatagram - headers);
    }

    /// <summary>IP and UDP headers in bytes, which a message shares its packet with.</summary>
    private static int HeaderSize(SyncOptions options) => options.Group.AddressFamily == AddressFamily.InterNetwork ? 28 : 48;
}
