using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Sends to one multicast group from one interface in batches, as the kernel's own sync master does (spec §0.4).</summary>
/// <remarks>
/// Consecutive datagrams of one length are sent as the segments of one message (<see cref="SegmentRuns"/>), which costs the kernel little
/// more than one datagram. Receivers still get single datagrams. After a kernel or device has refused segments, no more are sent.
/// </remarks>
public sealed class MulticastSender : IDatagramSender
{
    /// <summary>How long a call of <see cref="Send"/> waits for buffer space without progress, in milliseconds.</summary>
    private const int TimeoutMilliseconds = 100;

    private readonly MulticastEndpoint _endpoint;
    private readonly KernelHandle _socket;
    private readonly MessageBatch _batch;
    private int _timeout;

    /// <summary>Takes ownership of a connected socket and closes it.</summary>
    internal MulticastSender(MulticastEndpoint endpoint, KernelHandle socket, int maxBatch)
    {
        _endpoint = endpoint;
        _socket = socket;
        _batch = new MessageBatch(maxBatch);
        SendsRuns = KnowsSegments(socket);
    }

    /// <summary>Whether consecutive datagrams of one length are sent as segments; false after a refusal.</summary>
    internal bool SendsRuns { get; set; }

    /// <summary>Opens the socket and connects it to the group.</summary>
    /// <param name="endpoint">The group, its port, the interface and the TTL.</param>
    /// <param name="loopback">
    /// Whether receivers on this host get a copy. Needed to reach the kernel's backup on the same host, not wanted towards peers.
    /// </param>
    /// <param name="sendBufferSize">
    /// SO_SNDBUF in bytes; 0 keeps the system's default. With CAP_NET_ADMIN the size may exceed net.core.wmem_max; without it that is the
    /// limit.
    /// </param>
    /// <param name="maxBatch">The maximum number of datagrams handed over with one system call, 1 to 1024.</param>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">
    /// A step was refused. With ENODEV the message names the interfaces that exist. ENETUNREACH: the interface is down, or it is lo and the
    /// group is IPv6, for which lo has no route.
    /// </exception>
    public static MulticastSender Open(MulticastEndpoint endpoint, bool loopback = false, int sendBufferSize = 0, int maxBatch = 64)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        KernelHandle socket = MulticastSocket.OpenSender(endpoint, loopback, sendBufferSize);
        try
        {
            return new MulticastSender(endpoint, socket, maxBatch);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Waits while there is no buffer space. After 100 ms without progress, each datagram that finds no space at once counts as lost.
    /// Allocates nothing.
    /// </remarks>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int sent = 0;
        int lost = 0;
        _timeout = TimeoutMilliseconds;
        while (sent + lost < datagrams.Length)
        {
            int headers = _batch.LoadContents(datagrams[(sent + lost)..], SendsRuns);
            int passed = SendMany(headers);
            if (passed > 0)
            {
                sent += _batch.Carried(passed);
                _timeout = TimeoutMilliseconds;
            }
            else if (IsLost(Marshal.GetLastPInvokeError()))
            {
                lost += _batch.Carried(1);
            }
        }

        return new SendOutcome(sent, lost);
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _socket.Dispose();

    // A kernel without UDP_SEGMENT would ignore the control message and send the run as one datagram.
    private static bool KnowsSegments(KernelHandle socket)
    {
        int size = 0;
        return KernelSocket.GetOption(
            socket, LinuxUdp.SOL_UDP, LinuxUdp.UDP_SEGMENT, MemoryMarshal.AsBytes(new Span<int>(ref size))) > 0;
    }

    /// <summary>After a refusal of the first datagram or run: whether it is lost. False means that it is tried again.</summary>
    private bool IsLost(int errno)
    {
        if (_batch.Carried(1) > 1 && SendErrors.MayConcernSegments(errno))
        {
            SendsRuns = false;
            return false;
        }

        switch (SendErrors.Classify(errno))
        {
            case SendError.Retry:
                return false;
            case SendError.Pressure:
                return !WaitForRoom(errno);
            case SendError.Transient:
                return true;
            default:
                throw new KernelException($"send to {_endpoint}", errno);
        }
    }

    private unsafe int SendMany(int count)
    {
        fixed (MessageHeader* headers = _batch.Headers)
        {
            return Libc.SendMany(_socket, headers, (uint)count, LinuxSocket.MSG_DONTWAIT | LinuxSocket.MSG_NOSIGNAL);
        }
    }

    // With a full interface queue (ENOBUFS) the socket stays writable: only time helps. A full socket (EAGAIN) reports when it has space.
    private unsafe bool WaitForRoom(int errno)
    {
        if (_timeout-- <= 0)
            return false;
        bool added = false;
        try
        {
            _socket.DangerousAddRef(ref added);
            PollDescriptor descriptor = new() { Descriptor = (int)_socket.DangerousGetHandle(), Events = LinuxFcntl.POLLOUT };
            _ = Libc.Poll(&descriptor, errno == Errno.EAGAIN ? 1u : 0u, milliseconds: 1);
            return true;
        }
        finally
        {
            if (added)
                _socket.DangerousRelease();
        }
    }
}
