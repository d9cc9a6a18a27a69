namespace IpvsSync.Daemon.Table;

/// <summary>How many connections the shards hold together. Any thread may call any member.</summary>
/// <param name="limit">Connections at most.</param>
internal sealed class TableRoom(int limit)
{
    private int _taken;

    /// <summary>Connections held.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes room for one connection, if there is any.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
            return true;
        Return(1);
        return false;
    }

    /// <summary>Gives back room for <paramref name="count"/> connections.</summary>
    public void Return(int count) => Interlocked.Add(ref _taken, -count);
}
