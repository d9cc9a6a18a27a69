using System.Buffers;
using System.IO.Pipelines;

namespace IpvsSync.Linux.Ipvs;

/// <summary>
/// Reads the kernel's table of connections, <c>/proc/net/ip_vs_conn</c> or <c>ip_vs_conn_sync</c> (spec §8.1, §8.2), as a stream of lines,
/// without an allocation per line. The header tells which of the two files it is. The larger the kernel's table, the longer the kernel
/// takes for each line (100,000 connections take about 10 s in total). A connection that changes meanwhile may be missing or appear twice.
/// For one user at a time.
/// </summary>
/// <param name="stream">The text; the reader closes it.</param>
public sealed class IpvsConnectionReader(Stream stream) : IDisposable
{
    /// <summary>In bytes. The longest line that a kernel prints has about 420.</summary>
    private const int MaxLine = 4096;

    private readonly StateNames _states = new();
    private readonly byte[] _joined = new byte[MaxLine];
    private bool _isBegun;
    private bool _isOverlong;

    /// <summary>Whether the lines contain the origin of a connection. Known after the first line was read.</summary>
    public bool HasOrigin { get; private set; }

    /// <summary>The number of lines that are not connections and were skipped.</summary>
    public long Malformed { get; private set; }

    /// <summary>Opens the table of the calling thread's network namespace, either with origins or with persistence engines.</summary>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    public static IpvsConnectionReader Open(bool withOrigin)
    {
        try
        {
            string name = withOrigin ? "ip_vs_conn_sync" : "ip_vs_conn";
            return new IpvsConnectionReader(File.OpenRead($"/proc/thread-self/net/{name}"));
        }
        catch (FileNotFoundException exception)
        {
            throw new IpvsUnavailableException(exception);
        }
    }

    /// <summary>Passes every connection to <paramref name="handle"/>, up to the end of the table.</summary>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task ReadAsync(IpvsConnectionHandler handle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            ReadResult result;
            do
            {
                result = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
                SequencePosition rest = ReadLines(result.Buffer, handle);
                bool isCut = result.IsCompleted && !result.Buffer.Slice(rest).IsEmpty;
                Malformed += isCut ? 1 : 0;
                pipe.AdvanceTo(isCut ? result.Buffer.End : rest, result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Reads the complete lines of the text received so far.</summary>
    /// <returns>The start of the first incomplete line.</returns>
    private SequencePosition ReadLines(ReadOnlySequence<byte> text, IpvsConnectionHandler handle)
    {
        while (text.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = text.Slice(0, end);
            if (_isOverlong || line.Length > MaxLine)
                Malformed++;
            else
                ReadLine(Whole(line), handle);
            _isOverlong = false;
            text = text.Slice(text.GetPosition(1, end));
        }

        if (text.Length <= MaxLine)
            return text.Start;
        _isOverlong = true;
        return text.End;
    }

    private ReadOnlySpan<byte> Whole(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return line.FirstSpan;
        line.CopyTo(_joined);
        return _joined.AsSpan(0, (int)line.Length);
    }

    private void ReadLine(ReadOnlySpan<byte> text, IpvsConnectionHandler handle)
    {
        bool isHeader = !_isBegun && text.StartsWith("Pro FromIP"u8);
        _isBegun = true;
        if (isHeader)
        {
            HasOrigin = text.IndexOf(" Origin "u8) >= 0;
            return;
        }

        var line = new ConnectionLine(text, _states);
        if (line.TryRead(HasOrigin, out IpvsConnection connection))
            handle(connection, line.Engine, line.EngineData);
        else
            Malformed++;
    }
}
