using System.Globalization;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>timers FILE-A FILE-B --shorter-by SECONDS</c>: checks that lines of two directors' <c>/proc/net/ip_vs_conn</c>, taken one after the
/// other, contain the same connections in the same state, and that the second's timers are at most SECONDS shorter than the first's. A
/// connection missing in the second counts as a timer of 0.
/// </summary>
internal static class Timers
{
    private const int KeyColumns = 7;

    public static int Run(Arguments arguments)
    {
        Dictionary<string, (string State, long Expires)> first = Load(arguments.Positional[0]);
        Dictionary<string, (string State, long Expires)> second = Load(arguments.Positional[1]);
        string[] common = [.. first.Keys.Where(second.ContainsKey)];
        int differ = common.Count(key => first[key].State != second[key].State);
        long shortest = first.Keys.Select(key => second.GetValueOrDefault(key).Expires - first[key].Expires).DefaultIfEmpty(0).Min();
        Console.WriteLine(
            $"{first.Count} on A, {first.Count - common.Length} of them not on B, {second.Count - common.Length} on B only, {differ} in another state, timers on B {shortest} s or more");
        return differ == 0 && shortest >= -arguments.Number("shorter-by", 1) ? 0 : 1;
    }

    private static Dictionary<string, (string State, long Expires)> Load(string path)
    {
        Dictionary<string, (string, long)> entries = [];
        foreach (string line in File.ReadLines(path))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            entries.TryAdd(string.Join(' ', columns[..KeyColumns]), (columns[KeyColumns], long.Parse(columns[KeyColumns + 1], CultureInfo.InvariantCulture)));
        }

        return entries;
    }
}
