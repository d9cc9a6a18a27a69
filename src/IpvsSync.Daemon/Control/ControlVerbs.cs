using System.Buffers;
using System.Runtime.InteropServices;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Answers the requests of the control socket about a director. Any thread may call it; no thread of the flow is blocked.
/// </summary>
internal sealed class ControlVerbs : IDisposable
{
    /// <summary>The number of differences listed if the request contains no limit.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Lines that are written before the output is asked whether to send them.</summary>
    private const int LinesAtOnce = 512;

    private readonly Director _director;
    private readonly StatusReport _status;
    private readonly KernelTable _kernel;
    private readonly TimeProvider _time;
    private readonly ChangeVerbs? _control;
    private readonly ResyncVerbs _resync;
    private readonly SemaphoreSlim _verifying = new(1);

    /// <summary>Makes the verbs of a director, which may not have started yet.</summary>
    /// <param name="director">The director.</param>
    /// <param name="metrics">The director's metrics.</param>
    /// <param name="time">The clock of its table.</param>
    /// <param name="control">Changes what the director does; null if changes are not allowed.</param>
    /// <param name="kernel">Reads the kernel's table; by default that of this process's network namespace.</param>
    public ControlVerbs(Director director, SyncMetrics metrics, TimeProvider time, DirectorControl? control = null, KernelTable? kernel = null)
    {
        _control = control is null ? null : new ChangeVerbs(director, control);
        (_director, _time, _kernel) = (director, time, kernel ?? KernelListing.Own(time).ReadAsync);
        _resync = new ResyncVerbs(director);
        _status = new StatusReport(director, metrics, time);
    }

    /// <summary>Answers a request as <see cref="ControlHandler"/> describes.</summary>
    /// <exception cref="ControlException">The request cannot be answered.</exception>
    public Task AnswerAsync(ControlRequest request, ControlOutput output, CancellationToken cancellation)
    {
        if (!_director.IsReady && request.Verb is not (ControlRequest.Stop or ControlRequest.Ready))
            throw new ControlException("The daemon is not ready yet.");
        return request.Verb switch
        {
            ControlRequest.Status => output.AnswerAsync(_status.Make(), ControlJson.Default.StatusAnswer, cancellation).AsTask(),
            ControlRequest.Ready => output.AnswerAsync(_resync.Ready(), ControlJson.Default.ReadyAnswer, cancellation).AsTask(),
            ControlRequest.Connections => ListAsync(new ConnectionFilter(request), request.Text, output, cancellation),
            ControlRequest.Verify => VerifyAsync(request.Limit ?? DefaultLimit, output, cancellation),
            ControlRequest.Reload when _control is { } control => control.ReloadAsync(output, cancellation),
            ControlRequest.ChangeRole when _control is { } control => control.ChangeRoleAsync(request.Role, output, cancellation),
            ControlRequest.Resync when _control is not null => output.AnswerAsync(_resync.Begin(request), ControlJson.Default.ResyncAnswer, cancellation).AsTask(),
            ControlRequest.Stop when _control is { } control => control.StopAsync(output, cancellation),
            _ => throw new ControlException($"This daemon does not know the request '{request.Verb}'."),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _verifying.Dispose();

    private async Task ListAsync(ConnectionFilter filter, bool isText, ControlOutput output, CancellationToken cancellation)
    {
        var lines = new ConnectionLines(isText, _director.TimeoutMargin, output.Stamp());
        if (isText)
            output.Lines.Write(ConnectionLines.TextMark);
        foreach (List<ConnectionRecord> records in _director.Table.ByShard())
        {
            long nowMs = _time.Milliseconds();
            for (int first = 0; first < records.Count; first += LinesAtOnce)
            {
                Write(records, first, filter, lines, nowMs, output.Lines);
                await output.SendAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private static void Write(
        List<ConnectionRecord> records, int first, ConnectionFilter filter, ConnectionLines lines, long nowMs, IBufferWriter<byte> output)
    {
        foreach (ref readonly ConnectionRecord record in CollectionsMarshal.AsSpan(records)[first..Math.Min(records.Count, first + LinesAtOnce)])
        {
            if (filter.Includes(record))
                output.Advance(lines.Write(record, nowMs, output.GetSpan(ConnectionLines.MostBytes)));
        }
    }

    private async Task VerifyAsync(int limit, ControlOutput output, CancellationToken cancellation)
    {
        SyncOptions options = _director.Options;
        if (!options.Kernel.IsConnected)
            throw new ControlException($"Kernel:Mode is {options.Kernel.Mode}: there is no kernel's table to compare with.");
        if (!await _verifying.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false))
            throw new ControlException("The daemon compares the tables for somebody else right now: ask again later.");
        try
        {
            bool isHeld = options.IsBackup && !_director.OptionsInKernel.IsBackup;
            var audit = new TableAudit(_director.Table, _kernel, new AuditRules(options, _director.TimeoutMargin, isHeld), _time);
            await using (ClientWatch client = output.Watch(cancellation))
                await RunAsync(audit, client.Token).ConfigureAwait(false);
            await output.AnswerAsync(VerifyAnswer.Of(audit, limit), ControlJson.Default.VerifyAnswer, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _verifying.Release();
        }
    }

    /// <summary>A kernel's table that cannot be read is an answer. Unlike other I/O errors, it is not the client's end.</summary>
    private static async Task RunAsync(TableAudit audit, CancellationToken cancellation)
    {
        try
        {
            await audit.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(exception.Message, exception);
        }
    }
}
