using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>The numbers that peers ask for, in the order in which they came. The lane's receiver adds, its sender takes; one lock.</summary>
internal sealed class RepairRequests
{
    private readonly Lock _lock = new();
    private readonly Queue<NumberRange> _ranges = new();
    private volatile bool _hasAny;

    /// <summary>Whether there are any.</summary>
    public bool HasAny => _hasAny;

    /// <summary>Adds some, unless there are <see cref="FlowConstants.MaxRepairRanges"/> ranges: then the peer asks again.</summary>
    /// <returns>False if they are dropped.</returns>
    public bool TryAdd(NumberRange range)
    {
        lock (_lock)
        {
            if (_ranges.Count >= FlowConstants.MaxRepairRanges)
                return false;
            _ranges.Enqueue(range);
            return _hasAny = true;
        }
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(out NumberRange range)
    {
        lock (_lock)
        {
            bool any = _ranges.TryDequeue(out range);
            _hasAny = _ranges.Count > 0;
            return any;
        }
    }
}
