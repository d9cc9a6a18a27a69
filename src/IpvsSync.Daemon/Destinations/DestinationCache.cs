using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// Holds the current snapshot. Any thread may read it. The sweeper refreshes it every few seconds, and soon after something was not found,
/// because the kernel does not report changes of its services.
/// </summary>
internal sealed class DestinationCache
{
    /// <summary>Seconds between two refreshes while everything is found.</summary>
    public const int IntervalSeconds = 5;

    private volatile DestinationSnapshot _snapshot = DestinationSnapshot.Empty;
    private volatile KernelTimeouts _timeouts = KernelTimeouts.Default;
    private volatile uint _longestTimeout = TimeoutBound.Unknown;
    private volatile bool _wanted = true;

    /// <summary>The current snapshot.</summary>
    public DestinationSnapshot Snapshot => _snapshot;

    /// <summary>The kernel's timeouts.</summary>
    public KernelTimeouts Timeouts => _timeouts;

    /// <summary>The longest timeout that an entry can mean, in seconds; see <see cref="TimeoutBound"/>.</summary>
    public uint LongestTimeout => _longestTimeout;

    /// <summary>Whether a refresh is due in this second.</summary>
    public bool IsDue(int second) => _wanted || second % IntervalSeconds == 0;

    /// <summary>Looks up the entry as <see cref="DestinationSnapshot.TryFind"/> does; a miss makes a refresh due.</summary>
    public bool TryFind(in ConnectionEntry entry, out ConnectionFlags method)
    {
        bool isFound = _snapshot.TryFind(entry, out method);
        if (!isFound)
            _wanted = true;
        return isFound;
    }

    /// <summary>Stores fresh values from the kernel.</summary>
    /// <returns>Whether services or real servers have changed.</returns>
    public bool Update(DestinationSnapshot fresh, KernelTimeouts timeouts)
    {
        _wanted = false;
        _timeouts = timeouts;
        _longestTimeout = TimeoutBound.Of(timeouts, fresh.LongestPersistence);
        if (fresh.Matches(_snapshot))
            return false;
        _snapshot = fresh;
        return true;
    }
}
