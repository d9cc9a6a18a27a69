namespace IpvsSync.Daemon.Table;

/// <summary>Counts the connections of all shards, and bounds them. Any thread may call any member.</summary>
/// <param name="limit">Connections at most.</param>
internal sealed class TableRoom(int limit)
{
    private int _taken;
    private int _withoutClientPort;
    private int _unbound;

    /// <summary>Connections held.</summary>
    public int Count => Volatile.Read(ref _taken);

    /// <summary>Connections held whose client port is not known yet.</summary>
    public int WithoutClientPort => Volatile.Read(ref _withoutClientPort);

    /// <summary>Peers' connections held that have no real server here.</summary>
    public int Unbound => Volatile.Read(ref _unbound);

    /// <summary>Reserves space for one connection, if there is any.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
            return true;
        Return(1);
        return false;
    }

    /// <summary>Counts one more, or one fewer, without a client port.</summary>
    public void NoteWithoutClientPort(int change) => Interlocked.Add(ref _withoutClientPort, change);

    /// <summary>Counts one more, or one fewer, without a real server here.</summary>
    public void NoteUnbound(int change) => Interlocked.Add(ref _unbound, change);

    /// <summary>Gives back the space of <paramref name="count"/> connections.</summary>
    public void Return(int count) => Interlocked.Add(ref _taken, -count);
}
