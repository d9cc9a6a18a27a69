using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Receives at one port in batches; see <see cref="MulticastReceiver"/> and <see cref="UnicastReceiver"/>.</summary>
public sealed class UdpReceiver : IDatagramReceiver
{
    private readonly object _endpoint;
    private readonly KernelHandle _socket;
    private readonly MessageBatch _batch;
    private readonly PieceReceiver? _pieces;
    private readonly DropCounter _drops = new();
    private volatile bool _shutDown;

    /// <summary>Takes ownership of a bound socket and closes it.</summary>
    /// <param name="endpoint">Where it listens, as an operator writes it.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="maxBatch">The maximum number of datagrams received with one system call.</param>
    /// <param name="inPieces">See <see cref="MulticastReceiver.Open"/>.</param>
    internal UdpReceiver(object endpoint, KernelHandle socket, int maxBatch, bool inPieces = false)
    {
        _endpoint = endpoint;
        _socket = socket;
        _pieces = inPieces ? PieceReceiver.TryOpen(socket) : null;
        _batch = new MessageBatch(maxBatch, withNames: true);
    }

    /// <inheritdoc/>
    /// <remarks>Overflows of the kernel's receive queue. Read from the kernel, so up to date even while nothing arrives.</remarks>
    public long Dropped => _drops.Read(_socket);

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
    {
        if (buffers.IsEmpty)
            throw new ArgumentException("At least one buffer is needed.", nameof(buffers));

        if (_pieces is { IsEmpty: false })
            return WithoutEnd(buffers, _pieces.Take(buffers));
        int room = _pieces is null ? _batch.LoadSpaces(buffers) : 0;
        while (!_socket.IsClosed)
        {
            int count = ReceiveMany(room);
            if (count > 0)
                return WithoutEnd(buffers, _pieces is null ? Finish(buffers, count) : _pieces.Take(buffers));
            int errno = Marshal.GetLastPInvokeError();
            if (_shutDown)
                return 0;
            if (errno != Errno.EINTR)
                throw new KernelException($"receive from {_endpoint}", errno);
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        _shutDown = true;
        if (_socket.IsClosed)
            return;
        try
        {
            // On an unconnected socket this fails with ENOTCONN, but still wakes the readers.
            _ = Libc.Shutdown(_socket, LinuxSocket.SHUT_RD);
        }
        catch (ObjectDisposedException)
        {
            // Another thread has closed it: there is no reader left to wake.
        }
    }

    /// <summary>Shuts down and closes the socket, which leaves the group. A blocked receive returns 0.</summary>
    public void Dispose()
    {
        _drops.Read(_socket);
        Shutdown();
        _socket.Dispose();
    }

    private unsafe int ReceiveMany(int room)
    {
        fixed (MessageHeader* headers = _batch.Headers)
        {
            try
            {
                return _pieces is not null ? _pieces.Receive(_socket) : Libc.ReceiveMany(_socket, headers, (uint)room, LinuxSocket.MSG_WAITFORONE, null);
            }
            catch (ObjectDisposedException) when (_shutDown)
            {
                return -1;
            }
        }
    }

    private int Finish(ReadOnlySpan<DatagramBuffer> buffers, int count)
    {
        Span<MessageHeader> headers = _batch.Headers;
        _batch.NoteFilled(count);
        for (int i = 0; i < count; i++)
            buffers[i].Received((int)headers[i].Transferred, (headers[i].Flags & LinuxSocket.MSG_TRUNC) != 0, _batch.Source(i));
        return count;
    }

    /// <summary>A socket that is shut down and empty returns datagrams of length 0 without end.</summary>
    private int WithoutEnd(ReadOnlySpan<DatagramBuffer> buffers, int count)
    {
        while (_shutDown && count > 0 && buffers[count - 1].Length == 0)
            count--;
        return count;
    }
}
