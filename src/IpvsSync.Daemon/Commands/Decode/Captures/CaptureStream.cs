namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>
/// The bytes of a capture from front to back, from a file or a pipe, through one buffer of fixed size. For one thread.
/// </summary>
/// <param name="stream">Where the bytes come from; the caller closes it.</param>
/// <param name="beforeWaiting">Called before each read that may block: the moment to show what is done so far.</param>
internal sealed class CaptureStream(Stream stream, Action? beforeWaiting = null)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>How many bytes have been taken.</summary>
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

    /// <summary>Fills <paramref name="destination"/>, or returns false if the capture has ended before its first byte.</summary>
    /// <exception cref="EndOfStreamException">The capture ends inside.</exception>
    public bool TryFill(Span<byte> destination)
    {
        int taken = Take(destination);
        if (taken == destination.Length) return true;
        return taken == 0 ? false : throw new EndOfStreamException();
    }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    /// <exception cref="EndOfStreamException">The capture ends before or inside.</exception>
    public void Fill(Span<byte> destination)
    {
        if (Take(destination) != destination.Length) throw new EndOfStreamException();
    }

    /// <summary>Leaves out <paramref name="count"/> bytes.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
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
