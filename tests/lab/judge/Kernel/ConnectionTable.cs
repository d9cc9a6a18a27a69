using System.Text;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>The kernel's records from <c>/proc/net/ip_vs_conn</c>: the first eight columns (spec §8.1) of each, sorted.</summary>
internal static class ConnectionTable
{
    private const string Path = "/proc/thread-self/net/ip_vs_conn";
    private const int Columns = 8;
    private const int MarkLength = 9;

    public static List<string> Read()
    {
        List<string> records = [];
        // Persistence data are at the end of a line as raw bytes, which may include line ends: the text after such a line end is not a
        // record.
        foreach (string line in File.ReadLines(Path, Encoding.Latin1).Skip(1))
        {
            string[] words = line.Split(' ', Columns + 1, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > Columns && IsEndpoint(words[1], words[2]) && IsEndpoint(words[3], words[4]) && IsEndpoint(words[5], words[6]))
                records.Add(Normalize(words));
        }

        records.Sort(StringComparer.Ordinal);
        return records;
    }

    // In the virtual address of an IPv6 firewall-mark template the kernel stores only the mark; the rest is undefined.
    internal static string Normalize(string[] words)
    {
        if (words[0] == "IP" && words[3].Contains(':', StringComparison.Ordinal)) words[3] = words[3][..MarkLength];
        return string.Join(' ', words, 0, Columns);
    }

    private static bool IsEndpoint(string address, string port) =>
        port.Length == 4 && port.All(char.IsAsciiHexDigit) && address.Length is 8 or 39 && address.All(c => c == ':' || char.IsAsciiHexDigit(c));
}
