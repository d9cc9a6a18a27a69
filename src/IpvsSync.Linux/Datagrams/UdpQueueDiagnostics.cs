using System.Net;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Socket diagnostics for UDP: an exact request, then a dump of all sockets of the port if the exact request finds nothing.
/// </summary>
internal sealed class UdpQueueDiagnostics : IDisposable
{
    private const string Operation = "look at an UDP queue";

    private static readonly TimeSpan _answerTimeout = TimeSpan.FromMilliseconds(250);

    private readonly NetlinkConnection _connection;
    private readonly UdpQueueMatch _match = new();
    private readonly PayloadReader _read;
    private readonly Action _forget;

    internal UdpQueueDiagnostics(NetlinkConnection connection)
    {
        _connection = connection;
        _read = _match.Consider;
        _forget = _match.Forget;
    }

    /// <summary>Opens the diagnostics; null on a kernel without them.</summary>
    internal static UdpQueueDiagnostics? TryOpen()
    {
        try
        {
            var socket = NetlinkSocket.Open(LinuxNetlink.NETLINK_SOCK_DIAG, _answerTimeout);
            return new UdpQueueDiagnostics(new NetlinkConnection(socket));
        }
        catch (KernelException refusal) when (refusal.Errno == Errno.EPROTONOSUPPORT)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the queue of a socket. False: this kernel has no diagnostics for UDP. True with null: there is no such socket.
    /// </summary>
    internal bool TryQuery(IPAddress group, int port, uint interfaceIndex, out UdpQueue? queue)
    {
        _match.Expect(group, port, interfaceIndex);
        queue = AskExactly(group, port, interfaceIndex);
        if (queue != null)
            return true;
        try
        {
            queue = Walk(group, port);
            return true;
        }
        catch (KernelException refusal) when (refusal.Errno is Errno.ENOENT or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return false;
        }
    }

    public void Dispose() => _connection.Dispose();

    // ENOENT means "no such socket" as well as "no diagnostics for UDP"; the dump distinguishes them.
    private UdpQueue? AskExactly(IPAddress group, int port, uint interfaceIndex)
    {
        UdpDiagRequest.WriteExact(_connection.Request, group, port, interfaceIndex);
        try
        {
            _connection.Ask(Operation, _read);
            return _match.Found;
        }
        catch (KernelException refusal) when (refusal.Errno is Errno.ENOENT or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    private UdpQueue? Walk(IPAddress group, int port)
    {
        UdpDiagRequest.WriteWalk(_connection.Request, group.AddressFamily, port);
        _connection.Dump(Operation, _forget, _read);
        return _match.Found;
    }
}
