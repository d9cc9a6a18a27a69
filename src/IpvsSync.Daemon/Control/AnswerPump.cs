using System.Text;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Takes an answer of many lines from a stream in large pieces, since millions of lines are too many to make a string of each. One thread, for one
/// answer.
/// </summary>
/// <param name="stream">The daemon's stream.</param>
internal sealed class AnswerPump(Stream stream)
{
    private const int Piece = 256 << 10;

    private byte[] _bytes = new byte[Piece];
    private int _start;
    private int _end;

    /// <summary>
    /// Hands over the lines that have arrived, with their ends, up to the first that begins with one of the daemon's words: <c>{"done":</c> or
    /// <c>{"error":</c>.
    /// </summary>
    /// <param name="last">That line; null if it has not arrived yet.</param>
    /// <param name="isEnd">Whether the stream ended instead.</param>
    /// <exception cref="IOException">The stream fails.</exception>
    public ReadOnlySpan<byte> Read(out string? last, out bool isEnd)
    {
        last = null;
        isEnd = !Fill();
        int begin = _start;
        while (_bytes.AsSpan(_start, _end - _start).IndexOf((byte)'\n') is >= 0 and int length)
        {
            ReadOnlySpan<byte> line = _bytes.AsSpan(_start, length);
            if (line.StartsWith("{\"done\":"u8) || line.StartsWith("{\"error\":"u8))
            {
                last = Encoding.UTF8.GetString(line);
                break;
            }

            _start += length + 1;
        }

        return _bytes.AsSpan(begin, _start - begin);
    }

    private bool Fill()
    {
        if (_start > 0)
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        (_start, _end) = (0, _end - _start);
        if (_end == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        int count = stream.Read(_bytes, _end, _bytes.Length - _end);
        _end += count;
        return count > 0;
    }
}
