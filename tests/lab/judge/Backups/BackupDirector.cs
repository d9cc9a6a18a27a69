using System.Globalization;
using System.Text;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// The kernel's IPVS of a namespace of the bed, whatever the source of its connections. Reading moves the calling thread there.
/// </summary>
internal sealed class BackupDirector : IDisposable
{
    private const string Tables = "/proc/thread-self/net/";
    private const int KeyColumns = 5;
    private const int SyncColumns = 10;
    private const int PlainColumns = 9;

    private readonly string _name;

    public BackupDirector(string name)
    {
        _name = name;
        NetworkNamespace.Enter(name);
        Ipvs = IpvsClient.Open();
    }

    public IpvsClient Ipvs { get; }

    /// <summary>Reads all connections.</summary>
    public List<KeptConnection> Connections()
    {
        NetworkNamespace.Enter(_name);
        List<KeptConnection> connections = [];
        foreach (string line in File.ReadLines(Tables + "ip_vs_conn_sync").Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == SyncColumns) connections.Add(Of(words));
        }

        connections.Sort((a, b) => string.CompareOrdinal(a.Lasting, b.Lasting));
        return connections;
    }

    /// <summary>Reads the persistence data, with their clients.</summary>
    public List<(string Client, string Text)> Persistence()
    {
        NetworkNamespace.Enter(_name);
        List<(string Client, string Text)> engines = [];
        foreach (string line in File.ReadLines(Tables + "ip_vs_conn", Encoding.Latin1).Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > PlainColumns) engines.Add((words[1], string.Join(' ', words[PlainColumns..])));
        }

        engines.Sort();
        return engines;
    }

    public void Dispose() => Ipvs.Dispose();

    private static KeptConnection Of(string[] words)
    {
        _ = ConnectionTable.Normalize(words);
        return new KeptConnection(
            string.Join(' ', words, 0, KeyColumns), $"{words[5]} {words[6]}", words[7], words[8], uint.Parse(words[9], CultureInfo.InvariantCulture));
    }
}
