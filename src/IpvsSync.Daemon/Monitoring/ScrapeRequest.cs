using System.Text;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// The head of a request: of its first line, method and path. Everything else, as the host and further lines, has no effect on the answer.
/// </summary>
/// <param name="Method">GET, in capitals as it was sent; empty for a line that is no request of HTTP/1.</param>
/// <param name="Path">The path, without host and query.</param>
internal readonly record struct ScrapeRequest(string Method, string Path)
{
    /// <summary>The most bytes of a head.</summary>
    public const int LongestHead = 8192;

    /// <summary>Whether the head is complete: an empty line has come.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> head) => head.IndexOf("\r\n\r\n"u8) >= 0 || head.IndexOf("\n\n"u8) >= 0;

    /// <summary>Reads the first line of a complete head.</summary>
    public static ScrapeRequest Parse(ReadOnlySpan<byte> head)
    {
        string line = Encoding.ASCII.GetString(head[..Math.Max(0, head.IndexOf((byte)'\n'))]).TrimEnd('\r');
        return line.Split(' ') is [{ Length: > 0 } method, { Length: > 0 } target, "HTTP/1.1" or "HTTP/1.0"]
            ? new ScrapeRequest(method, PathOf(target))
            : new ScrapeRequest("", "");
    }

    private static string PathOf(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        string path = scheme < 0 ? target : target[(scheme + 3)..];
        int slash = scheme < 0 ? 0 : Math.Max(0, path.IndexOf('/'));
        return path[slash..].Split('?')[0];
    }
}
