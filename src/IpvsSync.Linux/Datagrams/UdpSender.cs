using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Sends to one group or host in batches, on a connected socket; see <see cref="MulticastSender"/> and <see cref="UnicastSender"/>.</summary>
/// <remarks>
/// Consecutive datagrams of one length are sent as the segments of one message (<see cref="SegmentRuns"/>), which costs the kernel little
/// more than one datagram. Receivers still get single datagrams. After a kernel or device has refused segments, no more are sent.
/// </remarks>
public sealed class UdpSender : IDatagramSender
{
    /// <summary>How long a call of <see cref="Send"/> waits for buffer space without progress, in milliseconds.</summary>
    private const int TimeoutMilliseconds = 100;

    /// <summary>Answers to earlier datagrams that a call of <see cref="Send"/> takes before it counts a datagram as lost.</summary>
    private const int MostRejections = 4;

    /// <summary>The MTU that Linux gives to routes whose interface is gone or down: the least of IPv4, which no real path has.</summary>
    private const int DeadMtu = 68;

    private readonly object _endpoint;
    private readonly KernelHandle _socket;
    private readonly MessageBatch _batch;
    private readonly bool _isV6;
    private readonly bool _isWhole;
    private int _timeout;
    private int _refusal;
    private long _rejections;

    /// <summary>Takes ownership of a connected socket and closes it.</summary>
    /// <param name="endpoint">Where it is connected to, as an operator writes it.</param>
    /// <param name="isV6">Whether that is an IPv6 address.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="maxBatch">The maximum number of datagrams handed over with one system call.</param>
    /// <param name="isWhole">Whether the socket refuses what is larger than the path's MTU.</param>
    internal UdpSender(object endpoint, bool isV6, KernelHandle socket, int maxBatch, bool isWhole = false)
    {
        _isWhole = isWhole;
        _endpoint = endpoint;
        _isV6 = isV6;
        _socket = socket;
        _batch = new MessageBatch(maxBatch);
        SendsRuns = KnowsSegments(socket);
    }

    /// <summary>
    /// The error number (<see cref="Errno"/>) with which the newest datagram was refused; 0 if it was taken. EMSGSIZE: it was larger than
    /// <see cref="PathMtu"/>. Any thread may ask.
    /// </summary>
    public int Refusal => Volatile.Read(ref _refusal);

    /// <summary>How often a host has answered that nobody listens there (ECONNREFUSED). Any thread may ask.</summary>
    public long Rejections => Volatile.Read(ref _rejections);

    /// <summary>
    /// The MTU of the path as the kernel knows it, in bytes: the largest IP packet, headers included; null once the socket is closed, and while its route
    /// is that of an interface that has gone away or was down, until the next datagram. It begins as the
    /// interface's, and follows what routers report to a host that forbids fragments (IP_MTU, ip(7)). Any thread may ask: one system call.
    /// </summary>
    public int? PathMtu
    {
        get
        {
            int mtu = 0;
            try
            {
                (int level, int option) = _isV6 ? (LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_MTU) : (LinuxIn.IPPROTO_IP, LinuxIn.IP_MTU);
                return KernelSocket.GetOption(_socket, level, option, MemoryMarshal.AsBytes(new Span<int>(ref mtu))) == sizeof(int) && mtu > DeadMtu ? mtu : null;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether consecutive datagrams of one length are sent as segments; false after a refusal.</summary>
    internal bool SendsRuns { get; set; }

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
        int rejected = 0;
        while (sent + lost < datagrams.Length)
        {
            int headers = _batch.LoadContents(datagrams[(sent + lost)..], SendsRuns);
            int passed = SendMany(headers);
            if (passed > 0)
            {
                sent += _batch.Carried(passed);
                _timeout = TimeoutMilliseconds;
                NoteRefusal(0);
            }
            else if (IsLost(Marshal.GetLastPInvokeError(), ref rejected))
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

    private void NoteRefusal(int errno)
    {
        if (_refusal != errno)
            Volatile.Write(ref _refusal, errno);
    }

    /// <summary>After a refusal of the first datagram or run: whether it is lost. False means that it is tried again.</summary>
    private bool IsLost(int errno, ref int rejected)
    {
        // This answers a datagram before, and the present one was not even tried.
        if (errno == Errno.ECONNREFUSED && rejected++ < MostRejections)
        {
            Volatile.Write(ref _rejections, _rejections + 1);
            return false;
        }

        if (_batch.Carried(1) > 1 && SendErrors.MayConcernSegments(errno) && !IsTooLarge(errno, _batch.SizeOfFirst))
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
                NoteRefusal(errno);
                return true;
            default:
                throw new KernelException($"send to {_endpoint}", errno);
        }
    }

    /// <summary>Whether a datagram is too large by itself, not only as a segment.</summary>
    private bool IsTooLarge(int errno, long size) => _isWhole && errno == Errno.EMSGSIZE && PathMtu is { } mtu && size + (_isV6 ? 48 : 28) > mtu;

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
