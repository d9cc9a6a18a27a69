using IpvsSync.Linux;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Daemon.Commands;

/// <summary>Standard output such that a reader that goes away, as <c>head</c> does, is noticed.</summary>
internal static class StandardOutput
{
    /// <summary>
    /// The runtime's console stream takes a broken pipe for success, so a pipe is opened as a file. A file is not: it
    /// would be written by position, over what other commands append to it.
    /// </summary>
    public static Stream Open()
    {
        if (!Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return direct.CanSeek ? Console.OpenStandardOutput() : direct;
    }

    /// <summary>Whether the reader has gone away.</summary>
    public static bool IsBrokenPipe(IOException exception) => exception.HResult == Errno.EPIPE;
}
