namespace IpvsSync.Daemon.Table;

/// <summary>
/// Counts the connections of all shards, and bounds them. The peers' may take seven eighths, so that whatever the network brings, this director's
/// own find room. Any thread may call any member.
/// </summary>
/// <param name="limit">Connections at most.</param>
internal sealed class TableRoom(int limit)
{
    /// <summary>One of so many places is kept for this director's own connections.</summary>
    public const int OwnShare = 8;

    private readonly UnboundNeeds _needs = new();
    private volatile PeerBound _bound = PeerBound.None;
    private int _limit = limit;
    private int _taken;
    private int _peers;
    private int _withoutClientPort;
    private int _unbound;

    /// <summary>Connections at most. A lower limit removes none.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>A further bound of the peers' connections.</summary>
    public PeerBound Bound
    {
        get => _bound;
        set => _bound = value;
    }

    /// <summary>Connections held.</summary>
    public int Count => Volatile.Read(ref _taken);

    /// <summary>Connections held whose newest entry came from a peer.</summary>
    public int Peers => Volatile.Read(ref _peers);

    /// <summary>Connections held whose client port is not known yet.</summary>
    public int WithoutClientPort => Volatile.Read(ref _withoutClientPort);

    /// <summary>Peers' connections held that have no real server here.</summary>
    public int Unbound => Volatile.Read(ref _unbound);

    /// <summary>What the unbound connections lack.</summary>
    public UnboundNeeds Needs => _needs;

    /// <summary>The most connections of the peers that a limit leaves room for.</summary>
    public static int PeersOf(int limit) => limit - (limit / OwnShare);

    /// <summary>Reserves space for one connection, if there is any.</summary>
    /// <returns>Created if there is; else why not.</returns>
    public ApplyOutcome TryReserve(Origin origin)
    {
        if (origin == Origin.Peer)
            return TryReservePeer();
        // Connections may become a peer's when they are in the table: then there are more of those than their share, and room for ours all the same.
        int taken = Interlocked.Increment(ref _taken);
        if (taken <= Limit || taken - Peers <= Limit - PeersOf(Limit))
            return ApplyOutcome.Created;
        Interlocked.Decrement(ref _taken);
        return ApplyOutcome.Full;
    }

    /// <summary>Whether the kernel may get one more connection of a peer.</summary>
    /// <returns>Created if it may; else why not.</returns>
    public ApplyOutcome CheckPeers() => Peers < _bound.Most ? ApplyOutcome.Created : _bound.Reason;

    /// <summary>Counts one more, or one fewer, of the peers: a connection has changed hands.</summary>
    public void NotePeer(int change) => Interlocked.Add(ref _peers, change);

    /// <summary>Counts one more, or one fewer, without a client port.</summary>
    public void NoteWithoutClientPort(int change) => Interlocked.Add(ref _withoutClientPort, change);

    /// <summary>Counts one more, or one fewer, without a real server here.</summary>
    public void NoteUnbound(int change) => Interlocked.Add(ref _unbound, change);

    /// <summary>Gives back the space of connections.</summary>
    /// <param name="count">How many.</param>
    /// <param name="peers">How many of them are the peers'.</param>
    public void Return(int count, int peers)
    {
        Interlocked.Add(ref _peers, -peers);
        Interlocked.Add(ref _taken, -count);
    }

    private ApplyOutcome TryReservePeer()
    {
        PeerBound bound = _bound;
        int peers = Interlocked.Increment(ref _peers);
        if (peers <= bound.Most && peers <= PeersOf(Limit) && Interlocked.Increment(ref _taken) is int taken)
        {
            if (taken <= Limit)
                return ApplyOutcome.Created;
            Interlocked.Decrement(ref _taken);
        }

        Interlocked.Decrement(ref _peers);
        return peers > bound.Most ? bound.Reason : ApplyOutcome.Full;
    }
}
