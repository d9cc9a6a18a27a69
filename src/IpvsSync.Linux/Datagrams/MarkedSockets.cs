using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Counts the <see cref="MarkedSocket"/>s of a network namespace, whoever opened them, by socket diagnostics.</summary>
public static class MarkedSockets
{
    private const string Operation = "look for marked sockets";
    private const int SourceAddress = 8;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    /// <summary>The number of those with <paramref name="mark"/> in the calling thread's network namespace.</summary>
    /// <returns>Null: this kernel has no diagnostics for UDP.</returns>
    /// <exception cref="KernelException">The kernel refuses, or does not answer.</exception>
    public static int? Count(uint mark)
    {
        try
        {
            using var connection = new NetlinkConnection(NetlinkSocket.Open(LinuxNetlink.NETLINK_SOCK_DIAG, _timeout));
            UdpDiagRequest.WriteWalk(connection.Request, MarkedSocket.Address.AddressFamily, port: 0);
            int count = 0;
            connection.Dump(Operation, () => count = 0, payload => count += IsMarked(payload, mark) ? 1 : 0);
            return count;
        }
        catch (KernelException refusal) when (refusal.Errno is Errno.ENOENT or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT)
        {
            return null;
        }
    }

    /// <summary>Whether struct inet_diag_msg, described at <see cref="UdpQueueMatch"/>, is of such a socket.</summary>
    private static bool IsMarked(ReadOnlySpan<byte> payload, uint mark)
    {
        if (payload.Length < LinuxInetDiag.MessageSize || !payload.Slice(SourceAddress, 4).SequenceEqual(MarkedSocket.Address.GetAddressBytes()))
            return false;
        var attributes = new AttributeReader(payload[LinuxInetDiag.MessageSize..]);
        while (attributes.Next())
        {
            if (attributes.Type == LinuxInetDiag.INET_DIAG_MARK)
                return attributes.U32() == mark;
        }

        return false;
    }
}
