using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>The tables of master and backup beside each other, connection by connection. Frozen.</summary>
/// <param name="Connections">Connections and templates alive on the master.</param>
/// <param name="Differences">Each with its reason, in no order.</param>
/// <param name="Outlived">
/// Known to the backup alone because they have timed out on the master: a backup's timer starts when it is told, which is later.
/// </param>
internal sealed record TableComparison(int Connections, IReadOnlyList<(ConnectionKey Key, string Reason)> Differences, int Outlived)
{
    /// <summary>Compares.</summary>
    /// <param name="master">The master's records.</param>
    /// <param name="backup">The backup's records, on the same clock.</param>
    /// <param name="nowMs">The time on that clock; what has timed out by then is none.</param>
    /// <param name="ageMs">How long both have run: what has a longer timeout cannot have timed out.</param>
    public static TableComparison Of(IEnumerable<ConnectionRecord> master, IEnumerable<ConnectionRecord> backup, long nowMs, long ageMs)
    {
        var rest = Alive(backup, nowMs).ToDictionary(record => record.Entry.Key);
        List<(ConnectionKey, string)> differences = [];
        int connections = 0;
        foreach (ConnectionRecord record in Alive(master, nowMs))
        {
            connections++;
            if (!rest.Remove(record.Entry.Key, out ConnectionRecord told))
                differences.Add((record.Entry.Key, $"missing on the backup ({StateOf(record)} on the master)"));
            else if (Difference(record.Entry, told.Entry) is { } reason)
                differences.Add((record.Entry.Key, reason));
        }

        ConnectionRecord[] unexplained = [.. rest.Values.Where(record => KernelTimeouts.Default.Of(record.Entry) * 1000L > ageMs)];
        differences.AddRange(unexplained.Select(record => (record.Entry.Key, $"only on the backup ({StateOf(record)})")));
        return new TableComparison(connections, differences, rest.Count - unexplained.Length);
    }

    private static IEnumerable<ConnectionRecord> Alive(IEnumerable<ConnectionRecord> records, long nowMs)
        => records.Where(record => record.DeadlineMs > nowMs);

    private static string? Difference(in ConnectionEntry master, in ConnectionEntry backup)
    {
        if (master.State != backup.State)
            return $"{NameOf(master)} on the master, {NameOf(backup)} on the backup";
        return master.Real != backup.Real || master.RealPort != backup.RealPort ? "bound to different real servers" : null;
    }

    private static string StateOf(in ConnectionRecord record) => NameOf(record.Entry);

    private static string NameOf(in ConnectionEntry entry) => ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate);
}
