namespace IpvsSync.Lab.Judge.Model;

/// <summary>The differences between the two tables.</summary>
/// <param name="OnlyOurs">Records of the model that the kernel does not keep.</param>
/// <param name="OnlyKernel">Lines of the kernel's table that the model does not have.</param>
/// <param name="Expired">Records of the model whose timer may have fired before the kernel's table was read.</param>
/// <param name="Lingering">Lines of the kernel's table that were replaced and have not disappeared yet (spec §6.1: up to 60 s).</param>
/// <param name="Ticked">
/// Records and lines of a client whose replaced record was found again: the result depends on the moment of a tick.
/// </param>
internal sealed record Difference(List<BackupRecord> OnlyOurs, List<string> OnlyKernel, int Expired, int Lingering, int Ticked)
{
    private const int TickMilliseconds = 20;

    public bool IsNone => OnlyOurs.Count == 0 && OnlyKernel.Count == 0;

    public static Difference Between(BackupModel model, IEnumerable<string> kernel)
    {
        Dictionary<string, int> left = Count(kernel);
        Dictionary<string, int> replaced = Count(model.Replaced);
        long now = Environment.TickCount64;
        List<BackupRecord> onlyOurs = [];
        int expired = 0;
        foreach (BackupRecord record in model.Records)
        {
            if (Take(left, record.ToString())) continue;
            if (record.Deadline <= now + TickMilliseconds) expired++;
            else onlyOurs.Add(record);
        }

        List<string> onlyKernel = [.. left.SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value))];
        HashSet<string> foundAgain = [.. model.Records.Where(IsFoundAgain).Select(record => Client(record.ToString()))];
        int ticked = onlyOurs.RemoveAll(IsFoundAgain) + onlyKernel.RemoveAll(line => foundAgain.Contains(Client(line)));
        int lingering = onlyKernel.RemoveAll(line => Take(replaced, line));
        return new Difference(onlyOurs, onlyKernel, expired, lingering, ticked);

        bool IsFoundAgain(BackupRecord record) => model.FoundAgain.Contains((record.Key.Family, record.Key.Client));
    }

    private static string Client(string line) => line.Split(' ')[1];

    private static Dictionary<string, int> Count(IEnumerable<string> lines) => lines.CountBy(line => line).ToDictionary();

    private static bool Take(Dictionary<string, int> lines, string line)
    {
        if (!lines.TryGetValue(line, out int count) || count == 0) return false;
        lines[line] = count - 1;
        return true;
    }
}
