using System.Buffers.Text;
using System.Globalization;
using System.Text;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>watch --service A [--service-port P] --out FILE [--interface I --sender A --wire FILE]</c>, in the backup's namespace: records when
/// its kernel first had k connections of the service that are bound to a destination, from the counts in <c>/proc/net/ip_vs</c> every
/// millisecond; ends with <c>quit</c>. With <c>--from-now</c> existing connections do not count.
/// </summary>
internal static class Watch
{
    private const int PollMilliseconds = 1;
    private const int PollsPerDrain = 16;

    public static int Run(Arguments arguments)
    {
        using var table = new ProcFile("/proc/net/ip_vs");
        SyncCounter? wire = arguments.Has("wire") ? Wire.Open(arguments) : null;
        byte[] service = Encoding.ASCII.GetBytes($"TCP  {AddressText(arguments)}:{arguments.Number("service-port", 80):X4} ");
        var control = new ControlPipe();
        // One system call per pause: the watcher must not keep the machine busy.
        var pause = new Epoll();
        pause.Add(ControlPipe.Descriptor, Libc.EPOLLIN, data: 0);
        List<long> reached = [];
        int before = arguments.Has("from-now") ? CountConnections(table.Read(), service) : 0;
        long polls = 0;
        Console.WriteLine("ready");
        while (pause.Ready.IsEmpty || control.TryRead() != "quit")
        {
            Poll(CountConnections(table.Read(), service) - before, reached);
            if (++polls % PollsPerDrain == 0)
                wire?.Drain();
            pause.Wait(PollMilliseconds);
        }

        ResultFile.Write(arguments.Text("out"), new WatchResult(reached, Ports(AddressText(arguments)), polls));
        if (wire != null)
            ResultFile.Write(arguments.Text("wire"), wire.Result);
        return 0;
    }

    private static void Poll(int count, List<long> reached)
    {
        if (count <= reached.Count)
            return;
        long now = Clock.Now;
        while (reached.Count < count)
            reached.Add(now);
    }

    /// <summary>The sum of the last two columns of every destination line below the service's own line (spec §8.3).</summary>
    private static int CountConnections(ReadOnlySpan<byte> text, ReadOnlySpan<byte> service)
    {
        int sum = 0;
        bool inside = false;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].TrimEnd(" "u8);
            if (!line.StartsWith("  -> "u8))
                inside = line.StartsWith(service);
            else if (inside)
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

    private static string AddressText(Arguments arguments) => Convert.ToHexString(arguments.Address("service").GetAddressBytes());

    /// <summary>
    /// Client ports of the service's connections: columns 2 and 3 of each line are the client's port and the virtual address (spec §8.1).
    /// </summary>
    private static int[] Ports(string service) =>
        [.. File.ReadLines("/proc/net/ip_vs_conn").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == service)
            .Select(columns => int.Parse(columns[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
