using System.Text;
using IpvsSync.Linux.Files;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The file <c>gate</c> beside the control socket: <c>0</c> when this director may take its addresses and <c>1</c> when not, for keepalived's
/// <c>track_file</c>. It is replaced as a whole, so that nobody reads half of it. It stays when the daemon ends: keepalived takes a file that
/// is removed for an open gate. For one thread.
/// </summary>
/// <param name="controlSocket">The path of the control socket; empty: there is no file.</param>
internal sealed class GateFile(string controlSocket)
{
    /// <summary>The name of the file.</summary>
    public const string Name = "gate";

    /// <summary>A file of ours has 2 bytes; keepalived's <c>init_file</c> writes no more.</summary>
    private const int LargestSize = 64;

    /// <summary>Everybody who can enter the directory may read, whatever the umask of the service is.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Where it is; null if there is none.</summary>
    public string? Path { get; } = controlSocket.Length == 0 ? null : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(controlSocket) ?? "", Name);

    /// <summary>
    /// Whether a daemon before this one has left it open. The directory is empty after a boot. A file that is something else, or cannot be read,
    /// is not open.
    /// </summary>
    public bool IsOpen
    {
        get
        {
            try
            {
                return Path is not null && Encoding.UTF8.GetString(RegularFile.Read(Path, LargestSize)).Trim() == "0";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It cannot be written, for whatever reason. What keepalived reads is as before.</exception>
    public void Write(bool isOpen)
    {
        if (Path is null)
            return;
        string fresh = Path + ".new";
        try
        {
            // One that a killed daemon has left, or a link that leads elsewhere.
            File.Delete(fresh);
            WriteFresh(fresh, isOpen ? "0\n"u8 : "1\n"u8);
            File.Move(fresh, Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private static void WriteFresh(string path, ReadOnlySpan<byte> content)
    {
        using FileStream stream = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
#pragma warning disable CA1416 // The daemon runs only on Linux.
        File.SetUnixFileMode(stream.SafeFileHandle, Mode);
#pragma warning restore CA1416
        stream.Write(content);
    }
}
