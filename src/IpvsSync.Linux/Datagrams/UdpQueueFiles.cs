using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Reads the UDP sockets from the text files net/udp and net/udp6 under /proc. Slow on hosts with many sockets.</summary>
/// <remarks>
/// <code>
///   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
///  951: 510000E0:2290 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 17 2 0000000000000000 0
/// </code>
/// Addresses are 32-bit words in host order, in hexadecimal, as are the queues. The last field is the number of drops, in decimal.
/// </remarks>
internal sealed class UdpQueueFiles
{
    private const int LocalAddressField = 1;
    private const int QueuesField = 4;

    private readonly string _root;
    private readonly long _limit;

    /// <summary>Tests read under a root other than /proc.</summary>
    internal UdpQueueFiles(string root)
    {
        _root = root;
        _limit = ReadLimit(Path.Combine(root, "sys/net/core/rmem_default"));
    }

    internal UdpQueue? Query(IPAddress group, int port)
    {
        string path = Path.Combine(_root, group.AddressFamily == AddressFamily.InterNetworkV6 ? "net/udp6" : "net/udp");
        string wanted = Format(group, port);
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (Parse(line, wanted) is UdpQueue queue)
                    return queue;
            }

            return null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // A kernel without IPv6 has no udp6.
            return null;
        }
    }

    private UdpQueue? Parse(string line, string wanted)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= QueuesField || fields[LocalAddressField] != wanted)
            return null;
        string received = fields[QueuesField][(fields[QueuesField].IndexOf(':', StringComparison.Ordinal) + 1)..];
        return long.TryParse(received, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long queued)
            && long.TryParse(fields[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long drops)
            ? new UdpQueue(queued, _limit, drops)
            : null;
    }

    private static string Format(IPAddress group, int port)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(group.GetAddressBytes());
        string address = string.Empty;
        foreach (uint word in words)
            address += word.ToString("X8", CultureInfo.InvariantCulture);
        return $"{address}:{port.ToString("X4", CultureInfo.InvariantCulture)}";
    }

    private static long ReadLimit(string path)
    {
        try
        {
            return long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            // The file is visible only in the host's own network namespace.
            return 0;
        }
    }
}
