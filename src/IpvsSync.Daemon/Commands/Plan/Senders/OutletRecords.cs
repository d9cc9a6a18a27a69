using System.Runtime.InteropServices;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// Does the work of <see cref="ConnectionTable"/> for its outlet, by number instead of by key: no key lookup, no timers, and it visits only
/// connections with a pending update.
/// </summary>
internal sealed class OutletRecords(Outlet outlet)
{
    private readonly List<int> _pending = [];
    private ConnectionRecord[] _records = new ConnectionRecord[1024];
    private bool[] _isListed = new bool[1024];

    /// <summary>Starts the record of a new connection.</summary>
    public void Create(int id)
    {
        if (id >= _records.Length)
        {
            Array.Resize(ref _records, _records.Length * 2);
            Array.Resize(ref _isListed, _records.Length);
        }

        _records[id] = default;
    }

    /// <summary>Processes an update from the feed.</summary>
    public void Apply(int id, in ConnectionEntry entry, long nowMs)
    {
        ref ConnectionRecord record = ref _records[id];
        bool isKnown = record.DeadlineMs > nowMs;
        bool isNews = !isKnown || record.Entry != entry;
        if (!isKnown)
            record.Sent = default;
        record.Entry = entry;
        record.DeadlineMs = nowMs + ((KernelTimeouts.Default.Of(entry) + (long)outlet.TimeoutMargin) * 1000);
        outlet.Offer(entry, default, isNews, nowMs, record: 0, ref record.Sent);
        if (!record.Sent.IsPending || _isListed[id])
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
            ref ConnectionRecord record = ref _records[id];
            if (record.DeadlineMs > nowMs && record.Sent.IsPending)
                outlet.SendDeferred(record.Entry, persistence: default, LaneLosses.None, nowMs, record: 0, ref record.Sent);
            _isListed[id] = record.DeadlineMs > nowMs && record.Sent.IsPending;
            if (_isListed[id])
                _pending[kept++] = id;
        }

        _pending.RemoveRange(kept, _pending.Count - kept);
    }
}
