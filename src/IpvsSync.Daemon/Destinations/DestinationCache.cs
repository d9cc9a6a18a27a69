using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// The snapshot in force. Any thread asks; the sweeper refreshes it, every few seconds and soon after something was not found: the
/// kernel tells nobody when its services change.
/// </summary>
internal sealed class DestinationCache
{
    /// <summary>Seconds between two refreshes when everything is found.</summary>
    public const int IntervalSeconds = 5;

    private volatile DestinationSnapshot _snapshot = DestinationSnapshot.Empty;
    private volatile KernelTimeouts _timeouts = KernelTimeouts.Default;
    private volatile bool _wanted = true;

    /// <summary>The snapshot.</summary>
    public DestinationSnapshot Snapshot => _snapshot;

    /// <summary>The kernel's timeouts.</summary>
    public KernelTimeouts Timeouts => _timeouts;

    /// <summary>Whether a refresh is due in this second.</summary>
    public bool IsDue(int second) => _wanted || second % IntervalSeconds == 0;

    /// <summary>See <see cref="DestinationSnapshot.TryFind"/>; a miss brings the next refresh forward.</summary>
    public bool TryFind(in ConnectionEntry entry, out ConnectionFlags method)
    {
        bool isFound = _snapshot.TryFind(entry, out method);
        if (!isFound)
            _wanted = true;
        return isFound;
    }

    /// <summary>Takes over what the kernel says now.</summary>
    /// <returns>Whether services or real servers have changed.</returns>
    public bool Update(DestinationSnapshot fresh, KernelTimeouts timeouts)
    {
        _wanted = false;
        _timeouts = timeouts;
        if (fresh.Says(_snapshot))
            return false;
        _snapshot = fresh;
        return true;
    }
}
