using System.Runtime.InteropServices;
using IpvsSync.Daemon.Destinations;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Counts the peers' unbound connections by what they need, at each change, so that a report visits no connection. Any thread may call any
/// member; only unbound connections cost its lock.
/// </summary>
internal sealed class UnboundNeeds
{
    /// <summary>
    /// The most needs that are told apart: the messages of a peer must not fill the memory. Connections beyond are counted only together
    /// (<see cref="TableRoom.Unbound"/>).
    /// </summary>
    public const int Most = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UnboundNeed, int> _counts = [];

    /// <summary>Counts one more connection.</summary>
    public void Add(in UnboundNeed need)
    {
        lock (_lock)
        {
            if (_counts.Count < Most || _counts.ContainsKey(need))
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, need, out _)++;
        }
    }

    /// <summary>Counts one fewer. Connections that came when there were too many needs were never counted.</summary>
    public void Remove(in UnboundNeed need)
    {
        lock (_lock)
        {
            ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, need);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count) && --count == 0)
                _counts.Remove(need);
        }
    }

    /// <summary>Counts the connections by what is missing in <paramref name="snapshot"/>.</summary>
    public MissingCounts Count(DestinationSnapshot snapshot)
    {
        KeyValuePair<UnboundNeed, int>[] counts;
        lock (_lock)
            counts = [.. _counts];
        MissingCounts missing = new();
        foreach ((UnboundNeed need, int count) in counts)
            missing.Add(snapshot.Missing(need.ToEntry()), count);
        return missing;
    }
}
