namespace IpvsSync.Daemon.Peers;

/// <summary>Gives each instance a place for the sums of what it told, the same on every lane. Any thread.</summary>
/// <param name="sums">The sums; null where nobody compares them.</param>
internal sealed class PeerOwners(IPeerSums? sums)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, (byte Owner, int Lanes)> _owners = [];

    /// <summary>The sums.</summary>
    public IPeerSums? Sums => sums;

    /// <summary>The place of an instance that a lane gets to know; 0 if there is none.</summary>
    public byte Admit(uint instance)
    {
        if (sums is null)
            return 0;
        lock (_lock)
        {
            if (!_owners.TryGetValue(instance, out (byte Owner, int Lanes) place))
                place = (sums.FindFree(owner => _owners.Values.Any(taken => taken.Owner == owner)), 0);
            _owners[instance] = place with { Lanes = place.Lanes + 1 };
            return place.Owner;
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
}
