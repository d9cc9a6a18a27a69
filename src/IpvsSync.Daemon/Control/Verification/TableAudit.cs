using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>
/// Compares this daemon's table with the kernel's. Both change during the comparison, so each difference is checked again after a short and
/// after a longer pause; only a difference that persists counts. For one use.
/// </summary>
/// <param name="table">This daemon's table.</param>
/// <param name="kernel">Reads the kernel's table.</param>
/// <param name="rules">The rules of the comparison.</param>
/// <param name="time">The clock of the table and of the pauses.</param>
internal sealed class TableAudit(ConnectionTable table, KernelTable kernel, AuditRules rules, TimeProvider time)
{
    /// <summary>The second pause is longer than the kernel's master delays a record.</summary>
    private static readonly TimeSpan[] s_moments = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    private HashSet<ConnectionKey> _suspects = [];
    private List<Difference> _differences = [];

    /// <summary>The number of connections that were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>The number of connections in the kernel's table that the kernel may not have reported.</summary>
    public long Untold { get; private set; }

    /// <summary>The number of connections in this table that may have ended in the kernel.</summary>
    public long Ending { get; private set; }

    /// <summary>The number of the peers' connections that are not injected for now.</summary>
    public long Held { get; private set; }

    /// <summary>The number of the kernel's persistence templates whose real server is gone.</summary>
    public long Dead { get; private set; }

    /// <summary>The number of lines of the kernel's table that no sync message could carry, or that are not connections.</summary>
    public long Unreadable { get; private set; }

    /// <summary>False if the kernel's table was replaced whenever it was read: what seems to be missing in it may be there.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The differences found.</summary>
    public IReadOnlyList<Difference> Differences => _differences;

    /// <summary>Runs the comparison.</summary>
    /// <exception cref="IOException">The kernel's table cannot be read.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await CompareAllAsync(cancellation).ConfigureAwait(false);
        foreach (TimeSpan moment in s_moments)
        {
            if (_suspects.Count == 0)
                return;
            await Task.Delay(moment, time, cancellation).ConfigureAwait(false);
            await CompareSuspectsAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task CompareAllAsync(CancellationToken cancellation)
    {
        HashSet<ConnectionKey> inKernel = [];
        KernelReading reading = await kernel(() => (Unreadable, Dead) = (0, 0), Take, cancellation).ConfigureAwait(false);
        Unreadable += reading.Malformed;
        IsComplete = reading.IsComplete;
        long nowMs = time.Milliseconds();
        foreach (IReadOnlyList<ConnectionRecord> records in table.ByShard())
        {
            foreach (ConnectionRecord record in records.Where(record => !inKernel.Contains(record.Entry.Key)))
                Judge(record.Entry.Key, null, record, nowMs);
        }

        void Take(in IpvsConnection line, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
        {
            if (!KernelConnection.TryMap(line, out KernelConnection connection))
                Unreadable++;
            else if (DeadTemplate.Is(connection.Entry))
                Dead++;
            else if (inKernel.Add(connection.Entry.Key))
                Judge(connection.Entry.Key, connection, Ours(connection.Entry.Key), time.Milliseconds());
        }
    }

    private async Task CompareSuspectsAsync(CancellationToken cancellation)
    {
        Dictionary<ConnectionKey, KernelConnection> inKernel = [];
        IsComplete = (await kernel(() => { }, Take, cancellation).ConfigureAwait(false)).IsComplete;
        HashSet<ConnectionKey> suspects = _suspects;
        (_suspects, _differences) = ([], []);
        Compared -= suspects.Count;
        foreach (ConnectionKey key in suspects)
            Judge(key, inKernel.TryGetValue(key, out KernelConnection connection) ? connection : null, Ours(key), time.Milliseconds());

        void Take(in IpvsConnection line, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
        {
            if (KernelConnection.TryMap(line, out KernelConnection connection) && !DeadTemplate.Is(connection.Entry) && _suspects.Contains(connection.Entry.Key))
                inKernel[connection.Entry.Key] = connection;
        }
    }

    private ConnectionRecord? Ours(in ConnectionKey key) => table.TryGet(key, out ConnectionRecord record) ? record : null;

    private void Judge(in ConnectionKey key, in KernelConnection? theirs, in ConnectionRecord? ours, long nowMs)
    {
        if (rules.IsOurTool(key) || (theirs is null && ours is null))
            return;
        if (ours is null && rules.MayBeUnsent(theirs!.Value))
            Untold++;
        else if (ours is { } held && rules.IsHeld(held))
            Held++;
        else if (theirs is null && rules.MayHaveEnded(ours!.Value, nowMs))
            Ending++;
        else
            Note(key, theirs, ours);
    }

    private void Note(in ConnectionKey key, in KernelConnection? theirs, in ConnectionRecord? ours)
    {
        Compared++;
        DifferenceKind? kind = (theirs, ours) switch
        {
            (null, _) => DifferenceKind.MissingInKernel,
            (_, null) => DifferenceKind.MissingInTable,
            _ => AuditRules.Compare(theirs.Value, ours.Value),
        };
        if (kind is not { } found)
            return;
        _suspects.Add(key);
        _differences.Add(new Difference(found, key, theirs, ours));
    }
}
