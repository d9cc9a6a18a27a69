namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>Gives its pieces one per read, as a pipe does.</summary>
internal sealed class PiecewiseStream(byte[][] pieces, Action<int>? beforeRead = null) : Stream
{
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        beforeRead?.Invoke(_reads);
        if (_reads == pieces.Length) return 0;
        byte[] piece = pieces[_reads++];
        piece.CopyTo(buffer, offset);
        return piece.Length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
