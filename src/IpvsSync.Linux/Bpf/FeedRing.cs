using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// Reads the records that the program writes. One thread reads; any thread may ask what was lost, or end the wait. Allocates nothing.
/// </summary>
/// <remarks><code>
/// the ring in memory (kernel/bpf/ringbuf.c):  page 0: position of the reader, which we write   page 1: position of the writer
///                                             then the records, and once more the same memory behind it, so that no record is cut
/// a record: 0 length u32, bit 31: being written, bit 30: given up   4 unused   8 the data, filled up to a multiple of 8
/// </code>Positions only grow; the place in the ring is their remainder.</remarks>
public sealed unsafe class FeedRing : IFeedRing
{
    private const string Operation = "wait for the kernel's records";

    private readonly FeedDescriptors _descriptors;
    private readonly KernelHandle _stop;
    private readonly MappedMemory _reader;
    private readonly MappedMemory _writer;
    private readonly MappedMemory _counter;
    private readonly ulong* _readerPosition;
    private readonly ulong* _writerPosition;
    private readonly byte* _records;
    private readonly ulong _mask;
    private ulong _at;
    private ulong _end;

    private FeedRing(FeedDescriptors descriptors, KernelHandle stop)
    {
        long page = Environment.SystemPageSize;
        _descriptors = descriptors;
        _stop = stop;
        _reader = MappedMemory.Map(descriptors.Ring, 0, page, isWritable: true);
        _writer = MappedMemory.Map(descriptors.Ring, page, page + (2L * descriptors.RingBytes), isWritable: false);
        _counter = MappedMemory.Map(descriptors.Counter, 0, page, isWritable: false);
        _readerPosition = (ulong*)_reader.Start;
        _writerPosition = (ulong*)_writer.Start;
        _records = _writer.Start + page;
        _mask = (ulong)descriptors.RingBytes - 1;
        _at = Volatile.Read(ref *_readerPosition);
        _end = _at;
    }

    /// <summary>Begins to read.</summary>
    /// <param name="descriptors">The program at work; the ring closes it, also when this fails.</param>
    /// <exception cref="KernelException">The kernel does not let this process have the memory.</exception>
    public static FeedRing Open(FeedDescriptors descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        KernelHandle stop = Libc.EventDescriptor(0, LinuxFcntl.EFD_CLOEXEC | LinuxFcntl.EFD_NONBLOCK);
        try
        {
            return stop.IsInvalid ? throw KernelException.FromLastCall(Operation) : new FeedRing(descriptors, stop);
        }
        catch
        {
            stop.Dispose();
            descriptors.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool HasPersistence => _descriptors.HasPersistence;

    /// <inheritdoc/>
    public long Dropped => Volatile.Read(ref *(long*)_counter.Start);

    /// <inheritdoc/>
    public ulong Written => Volatile.Read(ref *_writerPosition);

    /// <inheritdoc/>
    public ulong Position => _at;

    /// <inheritdoc/>
    public bool TryRead(out FeedRecord record)
    {
        while (HasNext())
        {
            byte* head = _records + (_at & _mask);
            uint header = Volatile.Read(ref *(uint*)head);
            if ((header & LinuxBpf.BPF_RINGBUF_BUSY_BIT) != 0)
                break;
            uint length = header & ~LinuxBpf.BPF_RINGBUF_DISCARD_BIT;
            _at += (length + LinuxBpf.BPF_RINGBUF_HDR_SZ + 7UL) & ~7UL;
            record = new FeedRecord(new ReadOnlySpan<byte>(head + LinuxBpf.BPF_RINGBUF_HDR_SZ, (int)Math.Min(length, _mask)));
            if (header == length && record.IsWhole)
                return true;
        }

        record = default;
        return false;
    }

    /// <inheritdoc/>
    public void Release() => Volatile.Write(ref *_readerPosition, _at);

    /// <inheritdoc/>
    public bool Wait(TimeSpan timeout)
    {
        PollDescriptor* both = stackalloc PollDescriptor[2];
        both[0] = new PollDescriptor { Descriptor = _descriptors.Ring.Descriptor, Events = LinuxFcntl.POLLIN };
        both[1] = new PollDescriptor { Descriptor = _stop.Descriptor, Events = LinuxFcntl.POLLIN };
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));
        int ready = Libc.Poll(both, 2, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            throw KernelException.FromLastCall(Operation);
        return ready > 0 && both[1].ReturnedEvents == 0;
    }

    /// <inheritdoc/>
    public void EndWait()
    {
        ulong one = 1;
        _ = Libc.Write(_stop, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Ends the program, unless somebody else holds its link too. Nobody reads or waits any more.</summary>
    public void Dispose()
    {
        _descriptors.Dispose();
        _stop.Dispose();
        _reader.Dispose();
        _writer.Dispose();
        _counter.Dispose();
    }

    private bool HasNext()
    {
        if (_at == _end)
            _end = Written;
        return _at < _end;
    }
}
