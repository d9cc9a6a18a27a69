using System.Numerics;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Keeps the kernel's backup socket from overflowing: a full one drops without a word. What was sent since the last look is counted
/// at its cost in socket memory; before that could fill the socket to the mark, its real queue is looked at, and waited for if need be.
/// </summary>
internal sealed class InjectorPacer(Func<UdpQueue?> look, Action<int> pause)
{
    /// <summary>
    /// What one datagram costs beyond its payload, at most: IP, UDP and link headers, the kernel's packet descriptor and its tail.
    /// Payload and headers are charged in powers of two, as the kernel's allocator does.
    /// </summary>
    private const int HeadersAndTail = 28 + 64 + 320;
    private const int Descriptor = 256;

    /// <summary>Pipeline of the kernel's default socket buffer, for a kernel that does not tell.</summary>
    private const int DefaultMark = 212992 / 2;

    /// <summary>Looks without progress until a kernel that does not read its socket is taken for stuck: then we send on.</summary>
    private const int Timeout = 2000;

    private long _charged;
    private long _mark;
    private long _drops;
    private long _newDrops;
    private bool _known;

    /// <summary>
    /// Looks for the first time. Before there is traffic, since the first look may have the kernel load its socket diagnostics.
    /// </summary>
    /// <returns>False when the kernel has no such socket, or does not tell.</returns>
    public bool Prime()
    {
        UdpQueue? queue = TryLook();
        Note(queue ?? Unknown);
        return queue is not null;
    }

    /// <summary>Returns once the kernel's socket has room for the first of <paramref name="messages"/>.</summary>
    /// <returns>For how many of them it has room: at least one.</returns>
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

    /// <summary>Looks at the queue, and waits for nothing.</summary>
    public void Look() => Note(TryLook() ?? Unknown);

    /// <summary>Messages that the kernel's socket has dropped since the last call, as far as was seen.</summary>
    public long TakeNewDrops()
    {
        long drops = _newDrops;
        _newDrops = 0;
        return drops;
    }

    /// <summary>Socket memory that a message of <paramref name="length"/> bytes takes, in bytes.</summary>
    internal static int Cost(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)(length + HeadersAndTail)) + Descriptor;

    private void Look(int cost)
    {
        for (int round = 0; round < Timeout; round++)
        {
            Note(TryLook() ?? Unknown);
            if (_charged + cost <= _mark || _charged == 0)
                return;
            pause(round);
        }
    }

    /// <summary>A kernel that does not tell is taken for one that keeps up.</summary>
    private UdpQueue Unknown => new(0, 0, _drops);

    /// <summary>The pace is a courtesy: a look that fails must not end what it paces.</summary>
    private UdpQueue? TryLook()
    {
        try
        {
            return look();
        }
        catch (KernelException)
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
