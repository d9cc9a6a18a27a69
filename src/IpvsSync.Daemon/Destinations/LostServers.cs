using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// Real servers that went while the kernel dropped their connections with them. A server that is back since is lost all the same: the kernel's
/// connections to it are gone. Immutable.
/// </summary>
internal sealed class LostServers
{
    /// <summary>None.</summary>
    public static readonly LostServers None = new([]);

    private readonly (DestinationSnapshot Before, DestinationSnapshot After)[] _changes;

    /// <summary>The servers that <paramref name="before"/> has and <paramref name="after"/> has not.</summary>
    public LostServers(DestinationSnapshot before, DestinationSnapshot after)
        : this([(before, after)])
    {
    }

    private LostServers((DestinationSnapshot Before, DestinationSnapshot After)[] changes) => _changes = changes;

    /// <summary>These servers and those of <paramref name="other"/>.</summary>
    public LostServers Join(LostServers other)
    {
        if (other._changes.Length == 0)
            return this;
        return _changes.Length == 0 ? other : new LostServers([.. _changes, .. other._changes]);
    }

    /// <summary>Whether an entry had its real server here, and lost it.</summary>
    public bool Include(in ConnectionEntry entry)
    {
        foreach ((DestinationSnapshot before, DestinationSnapshot after) in _changes)
        {
            if (before.TryFind(entry, out _) && !after.TryFind(entry, out _))
                return true;
        }

        return false;
    }
}
