using System.Numerics;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>
/// A socket's receive queue in memory: it holds so many bytes, drops and counts what finds no room, and gives whole datagrams, several
/// a call. Any thread may put datagrams in. Nothing is allocated once as many datagrams have waited as ever do.
/// </summary>
/// <param name="capacity">Bytes that may wait, overhead included.</param>
/// <param name="batch">Datagrams taken in one call at most.</param>
/// <param name="blocks">
/// Whether <see cref="Receive"/> waits as a socket's does; false for tests that receive and send on one thread: an empty queue yields 0.
/// </param>
internal sealed class MemoryReceiver(int capacity, int batch = 32, bool blocks = true) : IDatagramReceiver
{
    private readonly object _lock = new();
    private readonly Queue<Waiting> _queue = new();
    private readonly Stack<byte[]> _spare = new();
    private long _queued;
    private long _dropped;
    private bool _isShutDown;

    /// <inheritdoc/>
    public long Dropped
    {
        get
        {
            lock (_lock)
                return _dropped;
        }
    }

    /// <summary>Raised once, when the receiver is shut down.</summary>
    public event Action<MemoryReceiver>? Closed;

    /// <summary>The queue as socket diagnostics show it.</summary>
    public UdpQueue Queue
    {
        get
        {
            lock (_lock)
                return new UdpQueue(_queued, capacity, _dropped);
        }
    }

    /// <summary>A datagram arrives.</summary>
    public void Put(ReadOnlySpan<byte> datagram, SourceAddress source)
    {
        lock (_lock)
        {
            if (_isShutDown)
                return;
            if (_queued + Cost(datagram.Length) > capacity)
            {
                _dropped++;
                return;
            }

            byte[] copy = Rent(datagram.Length);
            datagram.CopyTo(copy);
            _queue.Enqueue(new Waiting(copy, datagram.Length, source));
            _queued += Cost(datagram.Length);
            Monitor.Pulse(_lock);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A datagram that is larger than its buffer is cut, but not marked so.</remarks>
    public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
    {
        lock (_lock)
        {
            while (_queue.Count == 0 && blocks && !_isShutDown)
                Monitor.Wait(_lock);
            int count = 0;
            while (count < Math.Min(batch, buffers.Length) && _queue.TryDequeue(out Waiting datagram))
                Take(datagram, buffers[count++]);
            return count;
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        lock (_lock)
        {
            if (_isShutDown)
                return;
            _isShutDown = true;
            Monitor.PulseAll(_lock);
        }

        Closed?.Invoke(this);
    }

    /// <inheritdoc/>
    public void Dispose() => Shutdown();

    /// <summary>What the kernel charges for a datagram: headers and payload in powers of two, and a descriptor.</summary>
    private static long Cost(int length) => BitOperations.RoundUpToPowerOf2((uint)length + 412) + 256;

    private byte[] Rent(int length)
    {
        const int Usual = 2048;
        return _spare.TryPop(out byte[]? spare) && spare.Length >= length ? spare : new byte[Math.Max(length, Usual)];
    }

    private void Take(in Waiting datagram, DatagramBuffer buffer)
    {
        int length = Math.Min(datagram.Length, buffer.Space.Length);
        datagram.Bytes.AsSpan(0, length).CopyTo(buffer.Space);
        buffer.Length = length;
        buffer.Source = datagram.Source;
        _queued -= Cost(datagram.Length);
        _spare.Push(datagram.Bytes);
    }

    private readonly record struct Waiting(byte[] Bytes, int Length, SourceAddress Source);
}
