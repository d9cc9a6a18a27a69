using System.Globalization;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>timers FILE-A FILE-B --shorter-by SECONDS [--longer-by SECONDS]</c>: two copies of <c>/proc/net/ip_vs_conn</c> taken together hold the same connections, in the
/// same state, and the second's timers are not shorter (or longer) than the first's by more than that.
/// </summary>
internal static class Timers
{
    private const int KeyColumns = 7;

    public static int Run(Arguments arguments)
    {
        Dictionary<string, (string State, long Expires)> first = Load(arguments.Positional[0]);
        Dictionary<string, (string State, long Expires)> second = Load(arguments.Positional[1]);
        int missing = first.Keys.Count(key => !second.ContainsKey(key));
        int extra = second.Keys.Count(key => !first.ContainsKey(key));
        List<string> common = [.. first.Keys.Where(second.ContainsKey)];
        int differ = common.Count(key => first[key].State != second[key].State);
        long[] longer = [.. common.Select(key => second[key].Expires - first[key].Expires).Order()];
        Console.WriteLine($"{first.Count} connections on the first, {missing} missing and {extra} extra on the second, {differ} in another state");
        if (longer.Length == 0)
            return 1;
        Console.WriteLine($"timer on the second minus timer on the first: {longer[0]} to {longer[^1]} s");
        bool timely = longer[0] >= -arguments.Number("shorter-by", 1) && longer[^1] <= arguments.Number("longer-by", int.MaxValue);
        return missing + extra + differ == 0 && timely ? 0 : 1;
    }

    private static Dictionary<string, (string State, long Expires)> Load(string path)
    {
        Dictionary<string, (string, long)> entries = [];
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            entries[string.Join(' ', columns[..KeyColumns])] = (columns[KeyColumns], long.Parse(columns[KeyColumns + 1], CultureInfo.InvariantCulture));
        }

        return entries;
    }
}
