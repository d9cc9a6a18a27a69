using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>A connection as this director knows it. Live: written only under its shard's lock.</summary>
internal struct ConnectionRecord
{
    /// <summary>The newest entry.</summary>
    public ConnectionEntry Entry;

    /// <summary>Whether the table keeps persistence data with it; see <see cref="ConnectionTable.TryGetWhole"/>.</summary>
    public bool HasPersistence;

    /// <summary>When the connection times out unless it is heard of again: milliseconds on the table's clock.</summary>
    public long DeadlineMs;

    /// <summary>Who told us last.</summary>
    public Origin Origin;

    /// <summary>What was told of it: to the peers of this director's own connections, to the kernel of a peer's.</summary>
    public SentState Sent;
}
