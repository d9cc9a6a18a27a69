using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>A comparison of the tables of master and backup, connection by connection. Frozen.</summary>
/// <param name="Connections">The number of connections and templates alive on the master.</param>
/// <param name="Differences">The differences with their reasons, in no particular order.</param>
/// <param name="Outlived">
/// The number of connections that only the backup has because they timed out on the master: a backup's timer starts when it receives the
/// message, which is later.
/// </param>
internal sealed record TableComparison(int Connections, IReadOnlyList<(ConnectionKey Key, string Reason)> Differences, int Outlived)
{
    /// <summary>Compares the tables.</summary>
    /// <param name="master">The master's records.</param>
    /// <param name="backup">The backup's records, on the same clock.</param>
    /// <param name="nowMs">The time on that clock; a record that has timed out by then is ignored.</param>
    /// <param name="ageMs">How long both have run: a record with a longer timeout cannot have timed out.</param>
    public static TableComparison Of(IEnumerable<ConnectionRecord> master, IEnumerable<ConnectionRecord> backup, long nowMs, long ageMs)
    {
        var rest = Alive(backup, nowMs).ToDictionary(record => record.Entry.Key);
        List<(ConnectionKey, string)> differences = [];
        int connections = 0;
        foreach (ConnectionRecord record in Alive(master, nowMs))
        {
            connections++;
            if (!rest.Remove(record.Entry.Key, out ConnectionRecord onBackup))
                differences.Add((record.Entry.Key, $"missing on the backup ({StateOf(record)} on the master)"));
            else if (Difference(record.Entry, onBackup.Entry) is { } reason)
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
