using System.Globalization;

namespace IpvsSync.Lab.Report;

/// <summary>The traffic of one kind of sync during a steady load. The simulator has no client of its own.</summary>
internal sealed record TrafficRun(string Sync, WireResult Wire, ClientResult? Client);

/// <summary>
/// One column: the settings (threshold, period, refresh period), persistence in seconds, and each kind of sync with them.
/// </summary>
internal sealed record TrafficColumn(string Threshold, string Period, int Refresh, int Persistence, IReadOnlyList<TrafficRun> Runs)
{
    public string Name => $"{Threshold} {Period}, refresh {Refresh}, persistence {Persistence}";

    public TrafficRun? Find(string sync) => Runs.FirstOrDefault(run => run.Sync == sync);

    /// <summary>All columns below a directory <c>THRESHOLD-PERIOD-REFRESH/PERSISTENCE/SYNC</c>.</summary>
    public static List<TrafficColumn> Load(string root) =>
        [.. Directory.EnumerateFiles(root, "wire.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Path.GetDirectoryName(file)!)
            .GroupBy(directory => Path.GetRelativePath(root, Path.GetDirectoryName(directory)!))
            .Select(LoadColumn)];

    private static TrafficColumn LoadColumn(IGrouping<string, string> directories)
    {
        string[] names = directories.Key.Split('/', '-');
        return new TrafficColumn(
            names[0],
            names[1],
            int.Parse(names[2], CultureInfo.InvariantCulture),
            int.Parse(names[3], CultureInfo.InvariantCulture),
            [.. directories.Select(LoadRun)]);
    }

    private static TrafficRun LoadRun(string directory) => new(
        Path.GetFileName(directory),
        ResultFile.Read<WireResult>(Path.Combine(directory, "wire.json"))!,
        ResultFile.Read<ClientResult>(Path.Combine(directory, "client.json")));
}
