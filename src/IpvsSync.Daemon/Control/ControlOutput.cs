using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Collects the lines of an answer and sends them in pieces, so an answer of any length needs little memory. A client that reads nothing
/// for <see cref="Timeout"/> is dropped. For one thread at a time.
/// </summary>
/// <param name="stream">The client's stream.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class ControlOutput(Stream stream, TimeProvider time) : IDisposable
{
    /// <summary>How long a client may read nothing.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int Piece = 64 << 10;

    private readonly ArrayBufferWriter<byte> _text = new(Piece);
    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <summary>Adds an answer as one line, with the members of <see cref="AnswerStamp"/>. The answer has members of its own.</summary>
    /// <exception cref="IOException">The client has closed the connection.</exception>
    /// <exception cref="OperationCanceledException">The client reads nothing, or <paramref name="cancellation"/>.</exception>
    public async ValueTask AnswerAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        _text.Write(JsonSerializer.SerializeToUtf8Bytes(value, type).AsSpan()[..^1]);
        _text.Write(Stamp());
        _text.Write("}\n"u8);
        if (_text.WrittenCount >= Piece)
            await FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The members of <see cref="AnswerStamp"/> for lines that are written otherwise, with a comma before them.</summary>
    public byte[] Stamp() => AnswerStamp.Members(time.GetUtcNow());

    /// <summary>Watches whether the client is still there, for work that writes nothing for long.</summary>
    public ClientWatch Watch(CancellationToken cancellation) => new(stream, time, cancellation);

    /// <summary>Adds one line.</summary>
    /// <exception cref="IOException">The client has closed the connection.</exception>
    /// <exception cref="OperationCanceledException">The client reads nothing, or <paramref name="cancellation"/>.</exception>
    public async ValueTask WriteAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        _json.Reset(_text);
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        _text.Write("\n"u8);
        if (_text.WrittenCount >= Piece)
            await FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Where lines may be added with their ends; see <see cref="SendAsync"/>.</summary>
    public IBufferWriter<byte> Lines => _text;

    /// <summary>Sends the lines added so far, if there are enough of them.</summary>
    /// <exception cref="IOException">The client has closed the connection.</exception>
    /// <exception cref="OperationCanceledException">The client reads nothing, or <paramref name="cancellation"/>.</exception>
    public ValueTask SendAsync(CancellationToken cancellation)
        => _text.WrittenCount < Piece ? ValueTask.CompletedTask : FlushAsync(cancellation);

    /// <summary>Sends the lines added so far.</summary>
    /// <exception cref="IOException">The client has closed the connection.</exception>
    /// <exception cref="OperationCanceledException">The client reads nothing, or <paramref name="cancellation"/>.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        await stream.WriteAsync(_text.WrittenMemory, either.Token).ConfigureAwait(false);
        _text.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
