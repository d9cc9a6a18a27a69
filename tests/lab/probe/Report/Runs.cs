namespace IpvsSync.Lab.Report;

/// <summary>The results of one run in a directory <c>SYNC/RATE/RUN</c>.</summary>
internal sealed record RunResults(string Sync, int Rate, ClientResult Client, WatchResult? Watch, WireResult? Wire, CutResult? Cut);

/// <summary>All runs below a directory, by rate and kind of sync.</summary>
internal static class Runs
{
    public static List<IGrouping<(string Sync, int Rate), RunResults>> Load(string root) =>
        [.. Directory.EnumerateFiles(root, "client.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => LoadRun(Path.GetDirectoryName(file)!))
            .OrderBy(run => run.Rate)
            .ThenBy(run => run.Sync, StringComparer.Ordinal)
            .GroupBy(run => (run.Sync, run.Rate))];

    private static RunResults LoadRun(string directory)
    {
        ClientResult client = ResultFile.Read<ClientResult>(Path.Combine(directory, "client.json"))
            ?? throw new IOException($"{directory}: no client result");
        return new RunResults(
            Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(directory)!)!),
            client.Rate,
            client,
            ResultFile.Read<WatchResult>(Path.Combine(directory, "watch.json")),
            ResultFile.Read<WireResult>(Path.Combine(directory, "wire.json")),
            ResultFile.Read<CutResult>(Path.Combine(directory, "cut.json")));
    }
}
