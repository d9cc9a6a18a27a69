using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Lab.Watching;

/// <summary>A /proc file that is read repeatedly through one descriptor: each read from the start renders it again.</summary>
internal sealed class ProcFile(string path) : IDisposable
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path);
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>The first page of the file, valid until the next read.</summary>
    public ReadOnlySpan<byte> Read() => _buffer.AsSpan(0, RandomAccess.Read(_handle, _buffer, 0));

    public void Dispose() => _handle.Dispose();
}
