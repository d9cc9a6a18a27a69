using IpvsSync.Linux;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Daemon.Commands;

/// <summary>Opens standard output so that a reader that closes it, as <c>head</c> does, is noticed.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// Opens a pipe as a file, because the runtime's console stream treats a broken pipe as success. A regular file is not opened so: it
    /// would be written by position, over what other commands append to it.
    /// </summary>
    public static Stream Open()
    {
        if (!Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return direct.CanSeek ? Console.OpenStandardOutput() : direct;
    }

    /// <summary>Whether the reader has closed the pipe.</summary>
    public static bool IsBrokenPipe(IOException exception) => exception.HResult == Errno.EPIPE;
}
