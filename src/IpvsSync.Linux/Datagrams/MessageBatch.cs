using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The headers of one sendmmsg or recvmmsg, laid out once. Each call changes only addresses, lengths and runs.</summary>
/// <remarks>Either for sending or for receiving, and for one thread.</remarks>
internal sealed unsafe class MessageBatch
{
    /// <summary>The kernel's UIO_MAXIOV (linux/uio.h): the maximum number of headers in one call.</summary>
    internal const int MaxSize = 1024;

    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly SegmentControl[] _controls;
    private readonly byte[] _names;

    // Keeps the buffers reachable while the kernel has their addresses.
    private readonly DatagramBuffer[] _buffers;

    // Headers, from the first, that the kernel may have written.
    private int _filled;

    /// <summary>
    /// Allocates headers for <paramref name="size"/> messages; with <paramref name="withNames"/>, for receiving, also buffers for the
    /// senders' addresses.
    /// </summary>
    internal MessageBatch(int size, bool withNames = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        _headers = GC.AllocateArray<MessageHeader>(size, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(size, pinned: true);
        _controls = GC.AllocateArray<SegmentControl>(size, pinned: true);
        _names = GC.AllocateArray<byte>(withNames ? size * SocketAddress.MaxSize : 0, pinned: true);
        _buffers = new DatagramBuffer[size];
        _filled = size;
        _controls.AsSpan().Fill(SegmentControl.Empty);
        for (int i = 0; i < size; i++)
            Cover(i, first: i, run: 1, segmentSize: 0);
        for (int i = 0; withNames && i < size; i++)
            _headers[i].Name = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_names, i * SocketAddress.MaxSize);
    }

    /// <summary>The headers; the array is pinned, so slices of it may be passed as pointers.</summary>
    internal Span<MessageHeader> Headers => _headers;

    /// <summary>Points the headers at the buffers to fill; returns how many there are headers for.</summary>
    internal int LoadSpaces(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int count = Math.Min(buffers.Length, _headers.Length);
        for (int i = 0; i < count; i++)
        {
            // Most callers give the same buffers each time: a datagram that comes alone should not cost a look at all of them.
            if (!ReferenceEquals(_buffers[i], buffers[i]))
                Load(i, buffers[i], buffers[i].Space.Length);
        }

        // The kernel overwrites this with the actual length of the address, so each call sets the capacity again.
        foreach (ref MessageHeader header in _headers.AsSpan(0, _filled))
            header.NameLength = (uint)(header.Name is null ? 0 : SocketAddress.MaxSize);
        _filled = count;
        return count;
    }

    /// <summary>Notes how many headers the last call has filled; without it, all that were loaded.</summary>
    internal void NoteFilled(int count) => _filled = count;

    /// <summary>The sender of the message that header <paramref name="index"/> received.</summary>
    internal SourceAddress Source(int index)
        => SocketAddress.Read(_names.AsSpan(index * SocketAddress.MaxSize, (int)Math.Min(_headers[index].NameLength, SocketAddress.MaxSize)));

    /// <summary>Points the headers at the contents to send, as many as there are headers for.</summary>
    /// <param name="datagrams">At least one.</param>
    /// <param name="inRuns">Whether one header takes a whole run of <see cref="SegmentRuns"/>, or one datagram.</param>
    /// <returns>The number of headers used; <see cref="Carried"/> gives the number of their datagrams.</returns>
    internal int LoadContents(ReadOnlySpan<DatagramBuffer> datagrams, bool inRuns)
    {
        datagrams = datagrams[..Math.Min(datagrams.Length, _headers.Length)];
        int headers = 0;
        for (int first = 0; first < datagrams.Length; headers++)
        {
            int run = inRuns ? SegmentRuns.LengthOfFirst(datagrams[first..]) : 1;
            Cover(headers, first, run, datagrams[first].Length);
            for (int end = first + run; first < end; first++)
                Load(first, datagrams[first], datagrams[first].Length);
        }

        return headers;
    }

    /// <summary>Bytes of the first datagram that was loaded.</summary>
    internal long SizeOfFirst => (long)_vectors[0].Length;

    /// <summary>The number of datagrams in the first <paramref name="headers"/> headers.</summary>
    internal int Carried(int headers)
    {
        int count = 0;
        foreach (ref readonly MessageHeader header in _headers.AsSpan(0, headers))
            count += (int)header.VectorCount;
        return count;
    }

    private void Load(int i, DatagramBuffer buffer, int length)
    {
        _buffers[i] = buffer;
        _vectors[i].Base = buffer.Address;
        _vectors[i].Length = (nuint)length;
    }

    private void Cover(int index, int first, int run, int segmentSize)
    {
        ref MessageHeader header = ref _headers[index];
        header.Vectors = (IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, first);
        header.VectorCount = (nuint)run;
        header.Control = run > 1 ? (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, index) : null;
        header.ControlLength = run > 1 ? (nuint)sizeof(SegmentControl) : 0;
        _controls[index].SegmentSize = (ushort)segmentSize;
    }
}
