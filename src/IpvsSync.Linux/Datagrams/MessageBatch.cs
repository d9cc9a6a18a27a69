using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The headers of one sendmmsg or recvmmsg, laid out once; per call only addresses and lengths change.</summary>
internal sealed unsafe class MessageBatch
{
    /// <summary>Kernel's UIO_MAXIOV (linux/uio.h): no more headers are taken in one call.</summary>
    internal const int MaxSize = 1024;

    private readonly MessageHeader[] _headers;
    private readonly IoVector[] _vectors;

    // Keeps the buffers reachable while the kernel has their addresses.
    private readonly DatagramBuffer[] _buffers;

    internal MessageBatch(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        _headers = GC.AllocateArray<MessageHeader>(size, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(size, pinned: true);
        _buffers = new DatagramBuffer[size];
        fixed (IoVector* vectors = _vectors)
        {
            for (int i = 0; i < size; i++)
            {
                _headers[i].Vectors = vectors + i;
                _headers[i].VectorCount = 1;
            }
        }
    }

    /// <summary>The headers; the array is pinned, so slices of it may be passed as pointers.</summary>
    internal Span<MessageHeader> Headers => _headers;

    /// <summary>Points the headers at the rooms to be filled; returns how many fit.</summary>
    internal int LoadSpaces(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int count = Math.Min(buffers.Length, _headers.Length);
        for (int i = 0; i < count; i++)
            Load(i, buffers[i], buffers[i].Space.Length);
        return count;
    }

    /// <summary>Points the headers at the contents to be sent; returns how many fit.</summary>
    internal int LoadContents(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int count = Math.Min(buffers.Length, _headers.Length);
        for (int i = 0; i < count; i++)
            Load(i, buffers[i], buffers[i].Length);
        return count;
    }

    private void Load(int i, DatagramBuffer buffer, int length)
    {
        _buffers[i] = buffer;
        _vectors[i].Base = buffer.Address;
        _vectors[i].Length = (nuint)length;
    }
}
