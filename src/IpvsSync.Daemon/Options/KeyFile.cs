using IpvsSync.Linux.Files;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// The file of a key. Its content is the secret as it is, but for line ends behind it; <c>keygen</c> writes 64 hexadecimal digits and a line end. A
/// relative name is that of a credential of systemd.
/// </summary>
internal static class KeyFile
{
    private const int LargestFile = 4096;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads one.</summary>
    /// <param name="file">Its path, or the name of a credential.</param>
    /// <param name="credentials">The directory of the credentials; null if there are none.</param>
    /// <param name="id">The number of the key.</param>
    /// <param name="fault">Why that is not possible.</param>
    /// <returns>The key; null if it cannot be read.</returns>
    public static SecretKey? Read(string file, string? credentials, byte id, out string? fault)
    {
        fault = null;
        bool isCredential = !file.StartsWith('/');
        if (isCredential && (string.IsNullOrEmpty(credentials) || file.Contains('/', StringComparison.Ordinal)))
            fault = "is no absolute path, and systemd has given no credential of that name ($CREDENTIALS_DIRECTORY)";
        if (fault is not null)
            return null;
        string path = isCredential ? Path.Combine(credentials!, file) : file;
        ReadOnlySpan<byte> secret = Read(path, isOpenToOthers: isCredential, out fault);
        if (fault is not null)
            return null;
        if (secret.Length >= SecretKey.LeastLength)
            return new SecretKey(id, secret);
        fault = $"has {secret.Length} bytes without line ends at its end; a key has at least {SecretKey.LeastLength}. ipvs-syncd keygen FILE makes one";
        return null;
    }

    /// <summary>A file that others may read is refused. systemd shows a credential to one user by an access list, which looks like a group's right.</summary>
    private static ReadOnlySpan<byte> Read(string path, bool isOpenToOthers, out string? fault)
    {
        try
        {
            byte[] content = RegularFile.Read(path, LargestFile);
#pragma warning disable CA1416 // The daemon runs only on Linux.
            UnixFileMode others = isOpenToOthers ? UnixFileMode.None : File.GetUnixFileMode(path) & Others;
#pragma warning restore CA1416
            fault = others == UnixFileMode.None ? null : $"can be read or written by others than its owner ({Text(others)}); chmod 600 {path}";
            return content.AsSpan().TrimEnd("\r\n"u8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = exception.Message;
            return default;
        }
    }

    private static string Text(UnixFileMode others)
    {
        bool isGroup = (others & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite)) != 0;
        bool isWorld = (others & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0;
        return (isGroup, isWorld) switch
        {
            (true, true) => "its group and everybody",
            (true, false) => "its group",
            _ => "everybody",
        };
    }
}
