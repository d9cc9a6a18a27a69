using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Linux.Ipvs;

/// <summary>
/// The size of the kernel's connection table, in places. Up to Linux 6.12 it is fixed when the module is loaded; since 7.2 each network
/// namespace has a table that grows and shrinks with its connections, up to the same limit. Any thread may call its members.
/// </summary>
public static class IpvsTableSize
{
    private const string Services = "/proc/thread-self/net/ip_vs";
    private const string Bits = "/sys/module/ip_vs/parameters/conn_tab_bits";

    /// <summary>More than the title of the list of services has, in bytes.</summary>
    private const int TitleSize = 256;

    /// <summary>The size now, in the network namespace of the calling thread; null if the kernel does not say.</summary>
    public static long? Now()
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(Services);
            Span<byte> title = stackalloc byte[TitleSize];
            return InTitle(Encoding.ASCII.GetString(title[..RandomAccess.Read(file, title, fileOffset: 0)]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The size that the table can have at most; null if the kernel does not say.</summary>
    public static long? Limit()
    {
        try
        {
            return int.TryParse(File.ReadAllText(Bits), CultureInfo.InvariantCulture, out int bits) && bits is >= 0 and < 63 ? 1L << bits : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number in <c>IP Virtual Server version 1.2.1 (size=4096)</c>.</summary>
    internal static long? InTitle(string title)
    {
        const string Mark = "(size=";
        int start = title.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        int end = start < Mark.Length ? -1 : title.IndexOf(')', start);
        return end > start && long.TryParse(title.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;
    }
}
