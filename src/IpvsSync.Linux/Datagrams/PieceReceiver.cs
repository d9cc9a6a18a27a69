using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Receives datagrams that the kernel hands over in one piece as long as they are of one sender and one length (UDP_GRO, Linux 5.0), and takes the pieces
/// apart. For what a peer has sent in one piece (<see cref="SegmentRuns"/>), the kernel need not do it, which costs it more. For one thread.
/// </summary>
internal sealed unsafe class PieceReceiver
{
    /// <summary>Pieces received with one system call. Their memory is taken as far as datagrams fill it.</summary>
    private const int Pieces = 32;

    private const int PieceBytes = 1 << 16;

    private readonly ReservedArray<byte> _space = new(Pieces * PieceBytes, isDense: false);
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(Pieces, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Pieces, pinned: true);
    private readonly GroupControl[] _controls = GC.AllocateArray<GroupControl>(Pieces, pinned: true);
    private readonly byte[] _names = GC.AllocateArray<byte>(Pieces * SocketAddress.MaxSize, pinned: true);
    private int _filled = Pieces;
    private int _count;
    private int _index;
    private int _offset;

    private PieceReceiver()
    {
        for (int i = 0; i < Pieces; i++)
        {
            _vectors[i].Base = (byte*)Unsafe.AsPointer(ref _space[i * PieceBytes]);
            _vectors[i].Length = PieceBytes;
            ref MessageHeader header = ref _headers[i];
            header.Name = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_names, i * SocketAddress.MaxSize);
            header.Vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            header.VectorCount = 1;
            header.Control = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, i);
        }
    }

    /// <summary>Whether everything received was taken.</summary>
    internal bool IsEmpty => _index == _count;

    /// <summary>Asks the kernel for pieces at this socket.</summary>
    /// <returns>Null if it does not know them.</returns>
    internal static PieceReceiver? TryOpen(KernelHandle socket)
        => KernelSocket.TrySetOption(socket, LinuxUdp.SOL_UDP, LinuxUdp.UDP_GRO, 1) == 0 ? new PieceReceiver() : null;

    /// <summary>Waits for pieces. All earlier ones were taken.</summary>
    /// <returns>As the system call: how many came, or -1.</returns>
    internal int Receive(KernelHandle socket)
    {
        for (int i = 0; i < _filled; i++)
        {
            // The kernel overwrites these with what it has filled.
            _headers[i].NameLength = SocketAddress.MaxSize;
            _headers[i].ControlLength = (nuint)sizeof(GroupControl);
        }

        (_count, _index, _offset) = (0, 0, 0);
        _filled = Pieces;
        int count;
        fixed (MessageHeader* headers = _headers)
            count = Libc.ReceiveMany(socket, headers, Pieces, LinuxSocket.MSG_WAITFORONE, null);
        if (count > 0)
            _count = _filled = count;
        return count;
    }

    /// <summary>Takes datagrams out of the pieces.</summary>
    /// <param name="buffers">At least one; filled from the first.</param>
    /// <returns>How many were filled.</returns>
    internal int Take(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int taken = 0;
        while (taken < buffers.Length && _index < _count)
        {
            ref readonly MessageHeader header = ref _headers[_index];
            int length = (int)header.Transferred;
            int size = SizeOf(_index, length);
            ReadOnlySpan<byte> datagram = _space.Slice((_index * PieceBytes) + _offset, Math.Min(size, length - _offset));
            Fill(buffers[taken++], datagram, isCut: (header.Flags & LinuxSocket.MSG_TRUNC) != 0);
            _offset += datagram.Length;
            if (_offset < length)
                continue;
            _index++;
            _offset = 0;
        }

        return taken;
    }

    /// <summary>Bytes of each datagram in a piece but the last, which may be shorter.</summary>
    private int SizeOf(int index, int length)
    {
        ref readonly GroupControl control = ref _controls[index];
        bool isGroup = _headers[index].ControlLength >= GroupControl.LeastLength && control.Level == LinuxUdp.SOL_UDP && control.Type == LinuxUdp.UDP_GRO;
        return isGroup && control.SegmentSize > 0 ? control.SegmentSize : length;
    }

    private void Fill(DatagramBuffer buffer, ReadOnlySpan<byte> datagram, bool isCut)
    {
        int length = Math.Min(datagram.Length, buffer.Space.Length);
        datagram[..length].CopyTo(buffer.Space);
        int nameLength = (int)Math.Min(_headers[_index].NameLength, SocketAddress.MaxSize);
        SourceAddress source = SocketAddress.Read(_names.AsSpan(_index * SocketAddress.MaxSize, nameLength));
        buffer.Received(length, isCut || length < datagram.Length, source);
    }
}
