using System.Diagnostics.Metrics;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Counters;

/// <summary>
/// What passed through one stage of the flow and what was lost there. Totals since start; any thread may add or read.
/// Hot paths add once a batch.
/// </summary>
/// <param name="stage">Name of the stage.</param>
/// <param name="waits">Takes how long messages have waited, in seconds; null where they do not.</param>
internal sealed class StageCounters(string stage, Histogram<double>? waits = null)
{
    private readonly KeyValuePair<string, object?> _tag = new("stage", stage);
    private readonly long[] _refused = new long[RefusalExtensions.Count];
    private readonly long[] _refusedByTable = new long[Enum.GetValues<TableRefusal>().Length];
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

    /// <summary>Entries or messages that the codec refused for <paramref name="reason"/>.</summary>
    public long Refused(Refusal reason) => Volatile.Read(ref _refused[(int)reason]);

    /// <summary>Entries that the table refused for <paramref name="reason"/>.</summary>
    public long Refused(TableRefusal reason) => Volatile.Read(ref _refusedByTable[(int)reason]);

    /// <summary>Entries or messages refused for a reason of that name.</summary>
    public long Refused(RefusalReason reason)
        => (reason.Codec == Refusal.None ? 0 : Refused(reason.Codec)) + (reason.Table is { } table ? Refused(table) : 0);

    /// <summary>Whether somebody wants to know how long messages wait: nobody does while metrics are off.</summary>
    public bool MeasuresWaits => waits?.Enabled == true;

    /// <summary>Notes what passed.</summary>
    public void Pass(int messages, int entries, long bytes)
    {
        Interlocked.Add(ref _messages, messages);
        Interlocked.Add(ref _entries, entries);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Counts a refusal of the codec.</summary>
    public void Refuse(Refusal reason) => Interlocked.Increment(ref _refused[(int)reason]);

    /// <summary>Counts a refusal of the table.</summary>
    public void Refuse(TableRefusal reason) => Interlocked.Increment(ref _refusedByTable[(int)reason]);

    /// <summary>Notes an entry that took an older one's place.</summary>
    public void Coalesce() => Interlocked.Increment(ref _coalesced);

    /// <summary>Notes an entry that was left out for now.</summary>
    public void Postpone() => Interlocked.Increment(ref _postponed);

    /// <summary>Notes an entry that was older than what was known.</summary>
    public void Outdate() => Interlocked.Increment(ref _older);

    /// <summary>Notes how long messages have waited, from when each was begun until now, in milliseconds of the same clock.</summary>
    public void NoteWaits(ReadOnlySpan<long> begunMs, long nowMs)
    {
        foreach (long begun in begunMs)
            waits?.Record(Math.Max(0, nowMs - begun) / 1000.0, _tag);
    }

    /// <summary>Notes messages that were lost.</summary>
    public void Lose(long messages)
    {
        if (messages > 0)
            Interlocked.Add(ref _lost, messages);
    }
}
