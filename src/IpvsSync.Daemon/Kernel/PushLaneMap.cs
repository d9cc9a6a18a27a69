namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Which push connection reaches which kernel lane. The kernel picks the lane by the connection's place in memory, so the map learns it from
/// the lane in which the connection's records arrive, and learns it again when the kernel has made the connection again.
/// Feed threads write, the pusher reads; no locks, since each lane is one word.
/// </summary>
internal sealed class PushLaneMap(PushAddresses addresses, int count)
{
    private const int FirstPort = 1024;
    private const int Unknown = 0;

    /// <summary>The count of each lane has a cache line of its own, since each is written by another feed thread.</summary>
    private const int LineLength = 64 / sizeof(long);

    private readonly int[] _portOfLane = new int[count];
    private readonly PushPackets?[] _packets = new PushPackets?[count];
    private readonly long[] _real = new long[count * LineLength];
    private readonly long[] _realBefore = new long[count];
    private long _seen;
    private int _candidate = FirstPort;

    /// <summary>The number of kernel lanes.</summary>
    public int Count => _portOfLane.Length;

    /// <summary>Records of push connections that have come back.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Counts a record of the feed. True when it belongs to a push connection, and must be dropped. Any feed thread.</summary>
    public bool Claim(in Protocol.ConnectionKey key, int lane)
    {
        if (!addresses.Own(key))
        {
            ref long real = ref _real[lane * LineLength];
            Volatile.Write(ref real, real + 1);
            return false;
        }

        Interlocked.Increment(ref _seen);
        Learn(key.ClientPort, lane);
        return true;
    }

    /// <summary>Records of real connections that came in <paramref name="lane"/> since the last call. The pusher only.</summary>
    public long TakeReal(int lane)
    {
        long real = Volatile.Read(ref _real[lane * LineLength]);
        long since = real - _realBefore[lane];
        _realBefore[lane] = real;
        return since;
    }

    /// <summary>The packets that reach <paramref name="lane"/>; null while that is not known. The pusher only.</summary>
    public PushPackets? For(int lane)
    {
        int port = Volatile.Read(ref _portOfLane[lane]);
        if (port == Unknown)
            return null;
        if (_packets[lane]?.ClientPort != port)
            _packets[lane] = new PushPackets(addresses, (ushort)port);
        return _packets[lane];
    }

    /// <summary>Packets of a connection whose lane is not known yet, a different one each time. The pusher only.</summary>
    public PushPackets Candidate()
    {
        do
            _candidate = _candidate == ushort.MaxValue ? FirstPort : _candidate + 1;
        while (Array.IndexOf(_portOfLane, _candidate) >= 0);
        return new PushPackets(addresses, (ushort)_candidate);
    }

    private void Learn(int port, int lane)
    {
        if (Volatile.Read(ref _portOfLane[lane]) == port)
            return;
        for (int other = 0; other < _portOfLane.Length; other++)
            Interlocked.CompareExchange(ref _portOfLane[other], Unknown, port);
        Interlocked.CompareExchange(ref _portOfLane[lane], port, Unknown);
    }
}
