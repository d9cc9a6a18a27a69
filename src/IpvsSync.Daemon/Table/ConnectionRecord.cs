using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>A copy of what the table knows of a connection.</summary>
internal struct ConnectionRecord
{
    /// <summary>The newest entry.</summary>
    public ConnectionEntry Entry;

    /// <summary>Whether the table keeps persistence data with it; see <see cref="ConnectionTable.TryGetWhole"/>.</summary>
    public bool HasPersistence;

    /// <summary>When the connection times out unless another entry arrives, in milliseconds on the table's clock.</summary>
    public long DeadlineMs;

    /// <summary>The sender of the newest entry.</summary>
    public Origin Origin;

    /// <summary>The send state: towards the peers for this director's own connections, towards the kernel for a peer's.</summary>
    public SentState Sent;
}
