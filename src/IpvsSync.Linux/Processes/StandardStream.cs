using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>
/// Writes standard output or standard error to the last byte, or says why not. The runtime's own stream takes a closed pipe for success; its
/// file stream writes by position, over what other commands append to the same file. One thread at a time.
/// </summary>
public sealed unsafe class StandardStream : Stream
{
    private readonly int _descriptor;
    private readonly string _title;

    private StandardStream(int descriptor, string title)
    {
        (_descriptor, _title) = (descriptor, title);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// How many characters a line of the terminal has to which this is written; null where it is no terminal, or one that does not say. The runtime would say
    /// it too, but prepares the terminal for input before. The value is read anew each time.
    /// </summary>
    public int? TerminalWidth
    {
        get
        {
            // struct winsize (asm-generic/termios.h): rows, columns, and their size in pixels.
            ushort* size = stackalloc ushort[4];
            return Libc.IoctlRaw(_descriptor, LinuxProcess.TIOCGWINSZ, (byte*)size) == 0 && size[1] > 0 ? size[1] : null;
        }
    }

    /// <summary>Standard output. Disposing it closes nothing.</summary>
    public static StandardStream Output() => new(1, "standard output");

    /// <summary>Standard error. Disposing it closes nothing.</summary>
    public static StandardStream Error() => new(2, "standard error");

    /// <summary>
    /// Call first in the process. A stream that the caller has closed gets a descriptor that can do nothing: otherwise the next file or socket
    /// of the process would take its number, and get the output. A file that has reached the process's limit of size fails a write, and does
    /// not end the process.
    /// </summary>
    public static void Prepare()
    {
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (Libc.Fcntl(descriptor, LinuxFcntl.F_GETFD) < 0)
                _ = Libc.OpenRaw("/dev/null", descriptor == 0 ? LinuxFcntl.O_WRONLY : LinuxFcntl.O_RDONLY, 0);
        }

        _ = Libc.Signal(LinuxProcess.SIGXFSZ, LinuxProcess.SIG_IGN);
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">Not all of it could be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* data = buffer)
        {
            for (int written = 0; written < buffer.Length;)
            {
                nint length = Libc.WriteRaw(_descriptor, data + written, (nuint)(buffer.Length - written));
                if (length < 0)
                    Recover(Marshal.GetLastPInvokeError());
                else
                    written += (int)length;
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is kept.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Waits for room in a pipe that somebody has made non-blocking for all who share it; fails with any other error.</summary>
    private void Recover(int errno)
    {
        if (errno == Errno.EINTR)
            return;
        if (errno != Errno.EAGAIN)
            throw new OutputException(_title, errno);
        var room = new PollDescriptor { Descriptor = _descriptor, Events = LinuxFcntl.POLLOUT };
        _ = Libc.Poll(&room, 1, -1);
    }
}
