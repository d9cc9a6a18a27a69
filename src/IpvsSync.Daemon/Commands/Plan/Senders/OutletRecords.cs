using System.Runtime.InteropServices;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// Does the work of <see cref="ConnectionTable"/> for its outlet, by number instead of by key: no key lookup, no timers, and it visits only
/// connections with a pending update. All are IPv4, and have no wide parts.
/// </summary>
internal sealed class OutletRecords(Outlet outlet)
{
    private readonly List<int> _pending = [];
    private readonly Slots<PackedRecord> _records = new();
    private readonly Slots<bool> _isListed = new();

    /// <summary>Starts the record of a new connection.</summary>
    public void Create(int id)
    {
        _records.Reach(id);
        _isListed.Reach(id);
        _records[id] = default;
    }

    /// <summary>Processes an update from the feed.</summary>
    public void Apply(int id, in ConnectionEntry entry, long nowMs)
    {
        ref PackedRecord record = ref _records[id];
        bool isKnown = record.DeadlineMs > nowMs;
        bool isNews = !isKnown || record.Key != PackedKey.Of(entry.Key) || !record.Matches(entry);
        SentState sent = isKnown ? record.Sent : default;
        record.Key = PackedKey.Of(entry.Key);
        record.Update(entry);
        record.DeadlineMs = nowMs + ((KernelTimeouts.Default.Of(entry) + (long)outlet.TimeoutMargin) * 1000);
        outlet.Offer(entry, default, isNews, nowMs, record: 0, ref sent, ref record.Place);
        record.Sent = sent;
        if (!record.IsPending || _isListed[id])
            return;
        _isListed[id] = true;
        _pending.Add(id);
    }

    /// <summary>Sends the pending updates that are due.</summary>
    public void SendDeferred(long nowMs)
    {
        int kept = 0;
        foreach (int id in CollectionsMarshal.AsSpan(_pending))
        {
            ref PackedRecord record = ref _records[id];
            if (record.DeadlineMs > nowMs && record.IsPending)
                SendDeferred(ref record, nowMs);
            _isListed[id] = record.DeadlineMs > nowMs && record.IsPending;
            if (_isListed[id])
                _pending[kept++] = id;
        }

        _pending.RemoveRange(kept, _pending.Count - kept);
    }

    private void SendDeferred(ref PackedRecord record, long nowMs)
    {
        SentState sent = record.Sent;
        outlet.SendDeferred(record.Entry(default), persistence: default, LaneLosses.None, nowMs, record: 0, ref sent, ref record.Place);
        record.Sent = sent;
    }
}
