using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// Holds the current snapshot. Any thread may read it. The sweeper refreshes it every few seconds, and soon after something was not found,
/// because the kernel does not report changes of its services. A kernel whose services change meanwhile can leave out some that are there
/// (seen on Linux 7.2), so a service or real server is gone when two readings in a row lack it.
/// </summary>
internal sealed class DestinationCache
{
    /// <summary>Seconds between two refreshes while everything is found.</summary>
    public const int IntervalSeconds = 5;

    /// <summary>
    /// The most services that are read every second where connections end with their real server, so that a server is missed that is away for a
    /// moment only. Each costs a request.
    /// </summary>
    public const int MostServicesEachSecond = 100;

    private volatile DestinationSnapshot _snapshot = DestinationSnapshot.Empty;
    private DestinationSnapshot _last = DestinationSnapshot.Empty;
    private volatile KernelTimeouts _timeouts = KernelTimeouts.Default;
    private volatile uint _longestTimeout = TimeoutBound.Unknown;
    private volatile bool _wanted = true;
    private volatile ExpiryRules _rules = ExpiryRules.Default;
    private LostServers _lost = LostServers.None;
    private volatile DestinationSnapshot? _former;
    private long _readMs = long.MinValue;

    /// <summary>The current snapshot.</summary>
    public DestinationSnapshot Snapshot => _snapshot;

    /// <summary>The kernel's timeouts.</summary>
    public KernelTimeouts Timeouts => _timeouts;

    /// <summary>The longest timeout that an entry can mean, in seconds; see <see cref="TimeoutBound"/>.</summary>
    public uint LongestTimeout => _longestTimeout;

    /// <summary>Whether a refresh is due in this second.</summary>
    public bool IsDue(int second)
        => _wanted || second % IntervalSeconds == 0 || (_rules.DropsWithServer && _snapshot.Services <= MostServicesEachSecond);

    /// <summary>Servers that were lost since the last call, where connections end with their server. Any thread.</summary>
    public LostServers TakeLost() => Interlocked.Exchange(ref _lost, LostServers.None);

    /// <summary>
    /// Whether the kernel here would not use this template any more, whose connections went to another real server on the peer: its own is gone, or
    /// gets no new connections. A server that is not found may have been added since the last reading.
    /// </summary>
    /// <param name="template">The template.</param>
    /// <param name="heardMs">When it was heard last, on the clock of <see cref="Update"/>.</param>
    public bool IsOver(in ConnectionEntry template, long heardMs)
        => _snapshot.TryFindFacts(template, out ServerFacts facts)
            ? facts.IsQuiesced && _rules.DropsQuiescedTemplates
            : heardMs <= Volatile.Read(ref _readMs);

    /// <summary>
    /// Whether an entry's real server was here and is gone, where connections end with their server. A peer may tell of one for a moment longer: its
    /// kernel has not dropped it yet.
    /// </summary>
    public bool IsGone(in ConnectionEntry entry)
        => _rules.DropsWithServer && _former is { } former && former.TryFind(entry, out _) && !_snapshot.TryFind(entry, out _);

    /// <summary>Looks up the entry as <see cref="DestinationSnapshot.TryFind"/> does; a miss makes a refresh due.</summary>
    public bool TryFind(in ConnectionEntry entry, out ConnectionFlags method)
    {
        bool isFound = _snapshot.TryFind(entry, out method);
        if (!isFound)
            _wanted = true;
        return isFound;
    }

    /// <summary>The services of which peers have sent templates.</summary>
    public TemplateNotes Templates { get; } = new();

    /// <summary>Stores fresh values from the kernel. For one thread at a time.</summary>
    /// <param name="fresh">The services.</param>
    /// <param name="timeouts">The timeouts.</param>
    /// <param name="rules">What happens to the connections of servers that go; null for the kernel's defaults.</param>
    /// <param name="readMs">When the reading began, on the table's clock.</param>
    /// <returns>Whether services or real servers have changed.</returns>
    public bool Update(DestinationSnapshot fresh, KernelTimeouts timeouts, ExpiryRules? rules = null, long readMs = long.MaxValue)
    {
        _timeouts = timeouts;
        _rules = rules ?? ExpiryRules.Default;
        DestinationSnapshot both = fresh.With(_last);
        _longestTimeout = TimeoutBound.Of(timeouts, both.LongestPersistence);
        _wanted = !both.Matches(fresh); // the next reading decides about what this one lacks
        _last = fresh;
        bool isChanged = !both.Matches(_snapshot);
        if (isChanged)
        {
            if (_rules.DropsWithServer)
                Lose(both);
            _snapshot = both;
        }

        Volatile.Write(ref _readMs, readMs);
        return isChanged;
    }

    private void Lose(DestinationSnapshot after)
    {
        Interlocked.Exchange(ref _lost, TakeLost().Join(new LostServers(_snapshot, after)));
        _former = _former is null ? _snapshot : _snapshot.With(_former);
    }
}
