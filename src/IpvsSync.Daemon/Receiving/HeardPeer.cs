using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>One peer as one receiver hears it. Live: written by that receiver's thread, read by any.</summary>
/// <param name="address">Its address; null for all those together that have no place of their own.</param>
internal sealed class HeardPeer(SourceAddress? address)
{
    private long _messages;
    private long _entries;
    private long _heardMs;
    private int _version;

    /// <summary>Its address.</summary>
    public SourceAddress? Address => address;

    /// <summary>When it was last heard, on the table's clock; meaningless before its first message.</summary>
    public long HeardMs => Volatile.Read(ref _heardMs);

    /// <summary>What it has said.</summary>
    public PeerCount Count => new(
        address, (SyncVersion)Volatile.Read(ref _version), Volatile.Read(ref _messages), Volatile.Read(ref _entries), Volatile.Read(ref _heardMs));

    /// <summary>Notes a message of it.</summary>
    public void Note(SyncVersion version, int entries, long nowMs)
    {
        Volatile.Write(ref _messages, _messages + 1);
        Volatile.Write(ref _entries, _entries + entries);
        Volatile.Write(ref _version, (int)version);
        Volatile.Write(ref _heardMs, nowMs);
    }
}
