using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// One lane's way into the kernel: writes entries as v1 messages to the kernel's backup on the loopback, no faster than the
/// kernel empties its socket. Used by one receiver thread.
/// </summary>
internal sealed class Injector : IConnectionSink
{
    /// <summary>Bytes of a message to the kernel: the kernel's own size on Ethernet, one page of socket memory.</summary>
    private const int MessageSize = 1472;

    private readonly DatagramBuffer _message = new(MessageSize);
    private readonly DatagramBuffer[] _batch;
    private readonly IDatagramSender _socket;
    private readonly InjectorPacer _pacer;
    private readonly byte _syncId;
    private readonly StageCounters _counters;
    private int _entries;

    /// <summary>Takes over <paramref name="socket"/>; disposes it at the end.</summary>
    public Injector(IDatagramSender socket, InjectorPacer pacer, byte syncId, StageCounters counters)
    {
        _socket = socket;
        _pacer = pacer;
        _syncId = syncId;
        _counters = counters;
        _batch = [_message];
        Begin();
    }

    /// <inheritdoc/>
    public void Add(in ConnectionEntry entry, PersistenceData persistence)
    {
        Refusal refusal = Write(entry, persistence);
        if (refusal == Refusal.Full)
        {
            Flush();
            refusal = Write(entry, persistence);
        }

        if (refusal != Refusal.None)
            _counters.Refuse(refusal);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_entries == 0)
            return;
        _pacer.Wait(_message.Length);
        SendOutcome outcome = _socket.Send(_batch);
        if (outcome.Sent > 0)
            _counters.Pass(1, _entries, _message.Length);
        _counters.Lose(outcome.Lost + _pacer.TakeNewDrops());
        Begin();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Begin()
    {
        MessageWriter.Start(_message.Space, SyncVersion.V1, _syncId);
        _entries = 0;
    }

    private Refusal Write(in ConnectionEntry entry, PersistenceData persistence)
    {
        var writer = MessageWriter.Resume(_message.Space);
        Refusal refusal = writer.TryWrite(entry, persistence);
        _message.Length = writer.Length;
        _entries = writer.Count;
        return refusal;
    }
}
