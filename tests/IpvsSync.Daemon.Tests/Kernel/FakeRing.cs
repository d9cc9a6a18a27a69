using System.Buffers.Binary;
using System.Collections.Concurrent;
using IpvsSync.Linux.Bpf;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>A ring of records that a test writes. As the kernel's, it wakes its reader, and counts what it has no room for.</summary>
internal sealed class FakeRing : IFeedRing
{
    public const int RecordSize = 112;

    private readonly ConcurrentQueue<byte[]> _records = [];
    private readonly SemaphoreSlim _wake = new(0);
    private long _written;
    private long _dropped;
    private volatile bool _isOver;
    private volatile bool _isHeld;
    private volatile bool _isStuck;
    private volatile bool _isWaiting;

    public bool HasPersistence => true;

    public long Dropped => Volatile.Read(ref _dropped);

    public ulong Written => (ulong)Volatile.Read(ref _written);

    public ulong Position { get; private set; }

    /// <summary>Records whose room the reader has given back.</summary>
    public ulong Released { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool IsWaiting => _isWaiting;

    /// <summary>Writes a record, as the program would of this connection.</summary>
    public void Write(in ConnectionEntry entry) => Write(Record(entry));

    public void Write(byte[] record)
    {
        _records.Enqueue(record);
        Interlocked.Add(ref _written, RecordSize);
        _wake.Release();
    }

    /// <summary>The reader gets nothing until <see cref="LetGo"/>, as one that has no processor.</summary>
    public void Hold() => _isHeld = true;

    public void LetGo()
    {
        _isHeld = false;
        _wake.Release();
    }

    /// <summary>The reader does not come back from its wait until <see cref="Loosen"/>.</summary>
    public void Stick() => _isStuck = true;

    public void Loosen() => _wake.Release();

    public void Drop(int count) => Interlocked.Add(ref _dropped, count);

    public bool TryRead(out FeedRecord record)
    {
        byte[]? bytes = null;
        bool isThere = !_isHeld && _records.TryDequeue(out bytes);
        record = isThere ? new FeedRecord(bytes) : default;
        if (isThere)
            Position += RecordSize;
        return isThere;
    }

    public void Release() => Released = Position;

    public bool Wait(TimeSpan timeout)
    {
        _isWaiting = true;
        bool isWoken = _wake.Wait(timeout);
        _isWaiting = false;
        return isWoken && !_isOver;
    }

    public void EndWait()
    {
        _isOver = true;
        if (!_isStuck)
            _wake.Release();
    }

    public void Dispose()
    {
        IsDisposed = true;
        _wake.Dispose();
    }

    /// <summary>The record of an IPv4 connection, whose timeout is told in ticks of this kernel.</summary>
    public static byte[] Record(in ConnectionEntry entry)
    {
        byte[] record = new byte[104];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)entry.Timeout * (ulong)KernelTicks.PerSecond());
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), (uint)entry.Flags | 0x40);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12), entry.Fwmark);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), entry.State);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(18), entry.Key.Protocol);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(20), 2);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(24), entry.Key.ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(26), entry.Key.VirtualPort);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(28), entry.RealPort);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(32), (uint)entry.Key.Client.Low);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(48), (uint)entry.Key.Virtual.Low);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(64), (uint)entry.Real.Low);
        return record;
    }
}
