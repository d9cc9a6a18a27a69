using System.Buffers.Text;
using System.Globalization;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>watch --out FILE [--interface I --sender A --wire FILE]</c>, in the backup's namespace: notes when its kernel first held k connections
/// that are bound to a destination, by the counts in <c>/proc/net/ip_vs</c> every millisecond; ends with <c>quit</c>.
/// </summary>
internal static class Watch
{
    private const int PollMilliseconds = 1;
    private const int PollsPerControl = 16;

    public static int Run(Arguments arguments)
    {
        using var table = new ProcFile("/proc/net/ip_vs");
        SyncCounter? wire = arguments.Has("wire") ? Wire.Open(arguments) : null;
        var control = new ControlPipe();
        List<long> reached = [];
        long polls = 0;
        Console.WriteLine("ready");
        while (polls % PollsPerControl != 0 || control.TryRead() != "quit")
        {
            Poll(table, reached);
            if (++polls % PollsPerControl == 0)
                wire?.Drain();
            Thread.Sleep(PollMilliseconds);
        }

        ResultFile.Write(arguments.Text("out"), new WatchResult(reached, Ports(), polls));
        if (wire != null)
            ResultFile.Write(arguments.Text("wire"), wire.Result);
        return 0;
    }

    private static void Poll(ProcFile table, List<long> reached)
    {
        int count = CountConnections(table.Read());
        if (count <= reached.Count)
            return;
        long now = Clock.Now;
        while (reached.Count < count)
            reached.Add(now);
    }

    /// <summary>The sum of the last two columns of every destination line (spec 8.3).</summary>
    internal static int CountConnections(ReadOnlySpan<byte> text)
    {
        int sum = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].TrimEnd(" "u8);
            if (!line.StartsWith("  -> "u8) || line.EndsWith("InActConn"u8))
                continue;
            sum += TakeLastNumber(ref line) + TakeLastNumber(ref line);
        }

        return sum;
    }

    private static int TakeLastNumber(ref ReadOnlySpan<byte> line)
    {
        int start = line.LastIndexOf((byte)' ') + 1;
        bool parsed = Utf8Parser.TryParse(line[start..], out int number, out _);
        line = line[..start].TrimEnd(" "u8);
        return parsed ? number : 0;
    }

    private static int[] Ports() =>
        [.. File.ReadLines("/proc/net/ip_vs_conn").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
            .Select(port => int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
