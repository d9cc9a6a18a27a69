namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// The bytes of a capture from start to end, from a file or a pipe, through one buffer of fixed size. For one thread.
/// </summary>
/// <param name="stream">The source of the bytes; the caller closes it.</param>
/// <param name="beforeWaiting">Called before each read that may block, so that finished output can be flushed.</param>
internal sealed class CaptureStream(Stream stream, Action? beforeWaiting = null)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The number of bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Fills <paramref name="destination"/> with the next bytes; returns how many there were before the end.</summary>
    public int Take(Span<byte> destination)
    {
        int taken = 0;
        while (taken < destination.Length && Refill())
        {
            int count = Math.Min(destination.Length - taken, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(destination[taken..]);
            Advance(count);
            taken += count;
        }

        return taken;
    }

    /// <summary>Fills <paramref name="destination"/>; returns false if the capture ended before its first byte.</summary>
    /// <exception cref="EndOfStreamException">The capture ends inside these bytes.</exception>
    public bool TryFill(Span<byte> destination)
    {
        int taken = Take(destination);
        if (taken == destination.Length) return true;
        return taken == 0 ? false : throw new EndOfStreamException();
    }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    /// <exception cref="EndOfStreamException">The capture ends before or inside these bytes.</exception>
    public void Fill(Span<byte> destination)
    {
        if (Take(destination) != destination.Length) throw new EndOfStreamException();
    }

    /// <summary>Skips <paramref name="count"/> bytes.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes remain.</exception>
    public void Skip(long count)
    {
        while (count > 0)
        {
            if (!Refill()) throw new EndOfStreamException();
            int step = (int)Math.Min(count, _end - _start);
            Advance(step);
            count -= step;
        }
    }

    private void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    // False at the end of the input.
    private bool Refill()
    {
        if (_start < _end) return true;
        beforeWaiting?.Invoke();
        _start = 0;
        _end = stream.Read(_buffer);
        return _end > 0;
    }
}
