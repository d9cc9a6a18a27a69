using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// One port's way in, of the peers' messages as of the kernel's feed:
/// 1. take the datagrams that are there, several a system call;
/// 2. read each entry, refusing and counting what the protocol forbids;
/// 3. note it in the table;
/// 4. hand it to the sink (the injector for peers, the lanes for the feed), which is flushed once a batch.
/// Runs on its own thread until its socket is shut down. Entries for which the filter says true are passed over.
/// </summary>
internal sealed class Receiver(
    IDatagramReceiver socket,
    ReaderOptions readerOptions,
    Origin origin,
    ConnectionTable table,
    IConnectionSink sink,
    StageCounters counters,
    int largestDatagram = DatagramBuffer.MaxPayload,
    EntryFilter? isHidden = null)
{
    /// <summary>Datagrams taken from the kernel in one system call.</summary>
    private const int BatchSize = 32;

    private readonly DatagramBuffer[] _batch = [.. Enumerable.Range(0, BatchSize).Select(_ => new DatagramBuffer(largestDatagram))];
    private long _droppedBefore;
    private long _newConnections;

    /// <summary>Entries that were the first of their connection. Any thread may ask.</summary>
    public long NewConnections => Volatile.Read(ref _newConnections);

    /// <summary>Receives until the socket is shut down.</summary>
    public void Run()
    {
        while (Step())
            continue;
    }

    /// <summary>Waits for datagrams and handles them.</summary>
    /// <returns>False when the socket is shut down.</returns>
    public bool Step()
    {
        int count = socket.Receive(_batch);
        if (count > 0)
            Handle(_batch.AsSpan(0, count));
        return count > 0;
    }

    /// <summary>
    /// Counts what the kernel has dropped at this socket since the last call. Asking costs a system call: the sweeper does, not the
    /// receiving thread.
    /// </summary>
    public void CountDrops()
    {
        long dropped = socket.Dropped;
        counters.Lose(dropped - _droppedBefore);
        _droppedBefore = dropped;
    }

    private void Handle(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int entries = 0;
        long bytes = 0;
        foreach (DatagramBuffer datagram in datagrams)
        {
            entries += Handle(datagram.Content);
            bytes += datagram.Length;
        }

        sink.Flush();
        counters.Pass(datagrams.Length, entries, bytes);
    }

    private int Handle(ReadOnlySpan<byte> datagram)
    {
        int entries = 0;
        var reader = new MessageReader(datagram, readerOptions);
        while (reader.Read(out ConnectionEntry entry))
        {
            if (reader.Refusal != Refusal.None)
            {
                counters.Refuse(reader.Refusal);
                continue;
            }

            if (isHidden?.Invoke(entry.Key) == true)
                continue;
            Note(table.Apply(entry, origin, reader.Persistence));
            sink.Add(entry, reader.Persistence);
            entries++;
        }

        return entries;
    }

    private void Note(ApplyOutcome outcome)
    {
        if (outcome == ApplyOutcome.Full)
            counters.Refuse(Refusal.Full);
        else if (outcome == ApplyOutcome.Created)
            Interlocked.Increment(ref _newConnections);
    }
}
