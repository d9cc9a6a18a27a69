using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Linux.Memory;

/// <summary>The memory of this machine at a moment, in bytes, from <c>/proc/meminfo</c>.</summary>
/// <param name="Total">All of it that the kernel can use (MemTotal).</param>
/// <param name="Available">What can be taken without swapping, as the kernel estimates (MemAvailable).</param>
public readonly record struct SystemMemory(long Total, long Available)
{
    private const int MostBytes = 4096;
    private const int Kibi = 1024;

    /// <summary>Reads it now.</summary>
    /// <returns>Null if the file cannot be read, or lacks one of the two.</returns>
    public static SystemMemory? Read(string path = "/proc/meminfo")
    {
        Span<byte> text = stackalloc byte[MostBytes];
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return Parse(text[..RandomAccess.Read(file, text, fileOffset: 0)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SystemMemory? Parse(ReadOnlySpan<byte> text)
        => TryFind(text, "MemTotal:", out long total) && TryFind(text, "MemAvailable:", out long available)
            ? new SystemMemory(total, available)
            : null;

    private static bool TryFind(ReadOnlySpan<byte> text, string name, out long bytes)
    {
        int at = text.IndexOf(Encoding.ASCII.GetBytes(name));
        ReadOnlySpan<byte> value = at < 0 ? default : text[(at + name.Length)..].TrimStart((byte)' ');
        bool isFound = Utf8Parser.TryParse(value, out long kibibytes, out _);
        bytes = kibibytes * Kibi;
        return isFound;
    }
}
