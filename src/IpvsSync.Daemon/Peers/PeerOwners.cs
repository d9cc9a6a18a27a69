namespace IpvsSync.Daemon.Peers;

/// <summary>Gives each instance a place for the sums of what it told, the same on every lane. Any thread.</summary>
/// <param name="sums">The sums; null where nobody compares them.</param>
internal sealed class PeerOwners(IPeerSums? sums)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, (byte Owner, int Lanes)> _owners = [];
    private readonly Dictionary<uint, long> _reservedMs = [];

    /// <summary>The sums.</summary>
    public IPeerSums? Sums => sums;

    /// <summary>The place of an instance that a lane gets to know; 0 if there is none.</summary>
    public byte Admit(uint instance)
    {
        if (sums is null)
            return 0;
        lock (_lock)
        {
            (byte Owner, int Lanes) place = Place(instance);
            _owners[instance] = place with { Lanes = place.Lanes + 1 };
            _reservedMs.Remove(instance);
            return place.Owner;
        }
    }

    /// <summary>
    /// The place of an instance that no lane may know yet, but soon one does: it is kept for <see cref="FlowConstants.PeerSilentMs"/> since the last call.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>The place; 0 if there is none.</returns>
    public byte Reserve(uint instance, long nowMs)
    {
        if (sums is null)
            return 0;
        lock (_lock)
        {
            if (_owners.TryGetValue(instance, out (byte Owner, int Lanes) known) && known.Lanes > 0)
                return known.Owner;
            Release(nowMs - FlowConstants.PeerSilentMs);
            _owners[instance] = Place(instance);
            _reservedMs[instance] = nowMs;
            return _owners[instance].Owner;
        }
    }

    /// <summary>A lane forgets an instance. Its place is free once no lane knows it and none of its connections is left.</summary>
    public void Forget(uint instance)
    {
        lock (_lock)
        {
            if (_owners.TryGetValue(instance, out (byte Owner, int Lanes) place) && place.Lanes > 1)
                _owners[instance] = place with { Lanes = place.Lanes - 1 };
            else
                _owners.Remove(instance);
        }
    }

    private (byte Owner, int Lanes) Place(uint instance)
        => _owners.TryGetValue(instance, out (byte, int) place) ? place : (sums!.FindFree(owner => _owners.Values.Any(taken => taken.Owner == owner)), 0);

    /// <summary>Forgets what was reserved for instances that have not come since.</summary>
    private void Release(long beforeMs)
    {
        foreach ((uint instance, long reservedMs) in _reservedMs)
        {
            if (reservedMs >= beforeMs)
                continue;
            _reservedMs.Remove(instance);
            _owners.Remove(instance);
        }
    }
}
