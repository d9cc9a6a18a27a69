namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// The timers of all connections. A timer that is put off, as every packet does, stays where it is queued and is put back when it comes
/// up too early; one that is brought forward is queued anew, and the old place is passed over.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly PriorityQueue<Connection, long> _queue = new();

    /// <summary>Starts the connection's timer anew, with its full timeout from <paramref name="now"/> ticks on.</summary>
    public void Restart(Connection connection, long now)
    {
        connection.ExpiresAt = now + connection.Timeout;
        if (connection.ExpiresAt < connection.QueuedAt)
            Enqueue(connection);
    }

    /// <summary>Takes out the next connection whose timer fires at <paramref name="now"/> ticks or before; null if there is none.</summary>
    public Connection? TakeDue(long now)
    {
        while (_queue.TryPeek(out Connection? connection, out long at) && at <= now)
        {
            _queue.Dequeue();
            if (connection.QueuedAt != at)
                continue;
            if (connection.ExpiresAt == at)
            {
                connection.QueuedAt = long.MaxValue;
                return connection;
            }

            Enqueue(connection);
        }

        return null;
    }

    /// <summary>Stops the timer of a connection that is gone.</summary>
    public static void Stop(Connection connection) => connection.QueuedAt = long.MinValue;

    private void Enqueue(Connection connection)
    {
        connection.QueuedAt = connection.ExpiresAt;
        _queue.Enqueue(connection, connection.ExpiresAt);
    }
}
