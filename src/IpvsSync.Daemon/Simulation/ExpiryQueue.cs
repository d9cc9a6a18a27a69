namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// The timers of all connections. A timer that is extended, as every packet does, keeps its position in the queue and is queued again when
/// it comes up too early. A timer that is shortened is queued again, and its old position is skipped.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly PriorityQueue<Connection, long> _queue = new();

    /// <summary>Restarts the connection's timer with its full timeout from <paramref name="now"/> ticks.</summary>
    public void Restart(Connection connection, long now)
    {
        connection.ExpiresAt = now + connection.Timeout;
        if (connection.ExpiresAt < connection.QueuedAt)
            Enqueue(connection);
    }

    /// <summary>
    /// Removes and returns the next connection whose timer fires at or before <paramref name="now"/> ticks; null if there is none.
    /// </summary>
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

    /// <summary>Stops the timer of a connection that was removed.</summary>
    public static void Stop(Connection connection) => connection.QueuedAt = long.MinValue;

    private void Enqueue(Connection connection)
    {
        connection.QueuedAt = connection.ExpiresAt;
        _queue.Enqueue(connection, connection.ExpiresAt);
    }
}
