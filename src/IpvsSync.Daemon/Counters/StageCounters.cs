using System.Diagnostics.Metrics;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Counters;

/// <summary>
/// The traffic that passed through one stage of the flow, and the losses there. Totals since start; any thread may add or read. Hot paths
/// add once per batch.
/// </summary>
/// <param name="stage">The name of the stage.</param>
/// <param name="waits">Receives how long messages waited, in seconds; null for a stage where they do not wait.</param>
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
    private long _shortened;

    /// <summary>The name of the stage, as in metrics and log records.</summary>
    public string Stage { get; } = stage;

    /// <summary>The number of messages that passed.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>The number of entries that passed.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>The number of UDP payload bytes that passed.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of messages lost to a full queue, a full socket or a failed send.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>The number of entries that replaced an older, unsent entry of the same connection.</summary>
    public long Coalesced => Volatile.Read(ref _coalesced);

    /// <summary>The number of entries without news that were postponed.</summary>
    public long Postponed => Volatile.Read(ref _postponed);

    /// <summary>The number of entries that were older than the known state and changed nothing.</summary>
    public long Older => Volatile.Read(ref _older);

    /// <summary>The number of entries whose timeout was longer than any that is meant, and was shortened.</summary>
    public long Shortened => Volatile.Read(ref _shortened);

    /// <summary>The number of entries or messages that the codec refused for <paramref name="reason"/>.</summary>
    public long Refused(Refusal reason) => Volatile.Read(ref _refused[(int)reason]);

    /// <summary>The number of entries that the table refused for <paramref name="reason"/>.</summary>
    public long Refused(TableRefusal reason) => Volatile.Read(ref _refusedByTable[(int)reason]);

    /// <summary>The number of entries or messages refused for a reason of that name.</summary>
    public long Refused(RefusalReason reason)
        => (reason.Codec == Refusal.None ? 0 : Refused(reason.Codec)) + (reason.Table is { } table ? Refused(table) : 0);

    /// <summary>Whether waiting times are measured; false while metrics are off.</summary>
    public bool MeasuresWaits => waits?.Enabled == true;

    /// <summary>Counts what passed: messages, entries and UDP payload bytes.</summary>
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

    /// <summary>Counts an entry that replaced an older, unsent one.</summary>
    public void Coalesce() => Interlocked.Increment(ref _coalesced);

    /// <summary>Counts an entry that was postponed.</summary>
    public void Postpone() => Interlocked.Increment(ref _postponed);

    /// <summary>Counts an entry that was older than the known state.</summary>
    public void Outdate() => Interlocked.Increment(ref _older);

    /// <summary>Counts an entry whose timeout was shortened.</summary>
    public void Shorten() => Interlocked.Increment(ref _shortened);

    /// <summary>Records how long messages waited, from the start of each until now, in milliseconds of the same clock.</summary>
    public void NoteWaits(ReadOnlySpan<long> begunMs, long nowMs)
    {
        foreach (long begun in begunMs)
            waits?.Record(Math.Max(0, nowMs - begun) / 1000.0, _tag);
    }

    /// <summary>Counts lost messages.</summary>
    public void Lose(long messages)
    {
        if (messages > 0)
            Interlocked.Add(ref _lost, messages);
    }
}
