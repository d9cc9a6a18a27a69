using System.Numerics;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Keeps the kernel's backup socket from overflowing, since a full socket drops silently. It adds up the socket memory of what was sent since
/// the last look. Before the sum could exceed half of the socket's limit, it looks at the real queue, and waits while that is too long.
/// </summary>
/// <param name="look">Reads the queue; null when the kernel does not show it.</param>
/// <param name="pause">Waits a moment; its argument counts the pauses in a row.</param>
internal sealed class InjectorPacer(Func<UdpQueue?> look, Action<int> pause)
{
    /// <summary>
    /// The most that one datagram costs beyond its payload: IP, UDP and link headers, the kernel's packet descriptor and its tail.
    /// Payload and headers are rounded up to a power of two, as the kernel's allocator does.
    /// </summary>
    private const int HeadersAndTail = 28 + 64 + 320;
    private const int Descriptor = 256;

    /// <summary>Since Linux 6.12, short datagrams have room from a pool, whose pieces are no power of two (spec §13.1, row 27).</summary>
    private const int SmallestRoom = 640;

    /// <summary>Half of the kernel's default socket buffer, for a kernel that does not show the limit.</summary>
    private const int DefaultMark = 212992 / 2;

    private long _charged;
    private long _mark;
    private long _drops;
    private long _newDrops;
    private bool _known;

    /// <summary>
    /// Looks for the first time. Called before there is traffic, since the kernel may have to load its socket diagnostics first.
    /// </summary>
    /// <returns>False when the kernel has no such socket, or does not show it.</returns>
    public bool Prime()
    {
        UdpQueue? queue = TryLook();
        Note(queue ?? Unknown);
        return queue is not null;
    }

    /// <summary>Returns once the kernel's socket has room for the first of <paramref name="messages"/>.</summary>
    /// <returns>The number of messages that it has room for: at least one.</returns>
    public int Admit(ReadOnlySpan<DatagramBuffer> messages)
    {
        for (int count = 0; count < messages.Length; count++)
        {
            int cost = Cost(messages[count].Length);
            if (!_known || _charged + cost > _mark)
            {
                if (count > 0)
                    return count;
                Look(cost);
            }

            _charged += cost;
        }

        return messages.Length;
    }

    /// <summary>Looks at the queue without waiting.</summary>
    public void Look() => Note(TryLook() ?? Unknown);

    /// <summary>Messages that the kernel's socket has dropped since the last call, as of the last look.</summary>
    public long TakeNewDrops()
    {
        long drops = _newDrops;
        _newDrops = 0;
        return drops;
    }

    /// <summary>The most bytes of socket memory that a message of <paramref name="length"/> bytes takes, on any kernel.</summary>
    internal static int Cost(int length) =>
        Math.Max(SmallestRoom, (int)BitOperations.RoundUpToPowerOf2((uint)(length + HeadersAndTail))) + Descriptor;

    private void Look(int cost)
    {
        for (int round = 0; round < FlowConstants.InjectLooks; round++)
        {
            Note(TryLook() ?? Unknown);
            if (_charged + cost <= _mark || _charged == 0)
                return;
            pause(round);
        }
    }

    /// <summary>A kernel that does not show its queue is assumed to keep up.</summary>
    private UdpQueue Unknown => new(0, 0, _drops);

    /// <summary>Pacing is best effort: a look that fails must not end the injection.</summary>
    private UdpQueue? TryLook()
    {
        try
        {
            return look();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Note(UdpQueue queue)
    {
        if (_known)
            _newDrops += Math.Max(0, queue.Drops - _drops);
        _known = true;
        _drops = queue.Drops;
        _charged = queue.Queued;
        _mark = queue.Limit > 0 ? queue.Limit / 2 : DefaultMark;
    }
}
