using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// What passed through one stage of the flow and what was lost there. Totals since start; any thread may add or read.
/// Hot paths add once a batch.
/// </summary>
internal sealed class StageCounters(string stage)
{
    /// <summary>Every reason there is.</summary>
    public static readonly IReadOnlyList<Refusal> Reasons = Enum.GetValues<Refusal>();

    private readonly long[] _refused = new long[RefusalExtensions.Count];
    private long _messages;
    private long _entries;
    private long _bytes;
    private long _lost;
    private long _coalesced;
    private long _postponed;
    private long _older;

    /// <summary>Name of the stage, as metrics and log records spell it.</summary>
    public string Stage { get; } = stage;

    /// <summary>Messages that passed.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Entries that passed.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>UDP payload bytes that passed.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Messages lost to a full queue, a full socket or a failed send.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Entries that took the place of an older one of the same connection, which had not left yet.</summary>
    public long Coalesced => Volatile.Read(ref _coalesced);

    /// <summary>Entries that said nothing new, and were left out for now.</summary>
    public long Postponed => Volatile.Read(ref _postponed);

    /// <summary>Entries that were older than what was known, and moved nothing.</summary>
    public long Older => Volatile.Read(ref _older);

    /// <summary>Entries or messages refused for <paramref name="reason"/>.</summary>
    public long Refused(Refusal reason) => Volatile.Read(ref _refused[(int)reason]);

    /// <summary>Notes what passed.</summary>
    public void Pass(int messages, int entries, long bytes)
    {
        Interlocked.Add(ref _messages, messages);
        Interlocked.Add(ref _entries, entries);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Notes one refusal.</summary>
    public void Refuse(Refusal reason) => Interlocked.Increment(ref _refused[(int)reason]);

    /// <summary>Notes an entry that took an older one's place.</summary>
    public void Coalesce() => Interlocked.Increment(ref _coalesced);

    /// <summary>Notes an entry that was left out for now.</summary>
    public void Postpone() => Interlocked.Increment(ref _postponed);

    /// <summary>Notes an entry that was older than what was known.</summary>
    public void Outdate() => Interlocked.Increment(ref _older);

    /// <summary>Notes messages that were lost.</summary>
    public void Lose(long messages)
    {
        if (messages > 0)
            Interlocked.Add(ref _lost, messages);
    }
}
