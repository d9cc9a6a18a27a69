using System.Text;

namespace IpvsSync.Lab.Native;

/// <summary>Reads one-word orders from standard input without waiting: <c>stop</c>, <c>retry</c>.</summary>
internal sealed unsafe class ControlPipe
{
    public const int Descriptor = 0;

    private readonly StringBuilder _pending = new();

    public ControlPipe() => Libc.Check(Libc.Control(Descriptor, Libc.F_SETFL, Libc.O_NONBLOCK), "fcntl");

    /// <summary>The next complete line, or null if there is none.</summary>
    public string? TryRead()
    {
        byte* buffer = stackalloc byte[256];
        nint got = Libc.Read(Descriptor, buffer, 256);
        if (got > 0)
            _pending.Append(Encoding.ASCII.GetString(buffer, (int)got));
        return TakeLine();
    }

    private string? TakeLine()
    {
        string text = _pending.ToString();
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
            return null;
        _pending.Remove(0, end + 1);
        return text[..end];
    }
}
