using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// One port's way in, of the peers' messages as of the kernel's feed:
/// 1. take the datagrams that are there, several a system call;
/// 2. read each entry, refusing and counting what the protocol forbids;
/// 3. tell the table, of several together, whose outlets lead on what is new: to the peers, or to the kernel;
/// 4. wake those who send it, once a batch.
/// Runs on its own thread until its socket is shut down. Entries for which the filter says true are passed over. Who has sent a message
/// that can be read is noted in the book of peers, if there is one.
/// </summary>
internal sealed class Receiver(
    IDatagramReceiver socket,
    ReaderOptions readerOptions,
    Origin origin,
    ConnectionTable table,
    StageCounters counters,
    int largestDatagram = DatagramBuffer.MaxPayload,
    EntryFilter? isHidden = null,
    PeerBook? peers = null)
{
    /// <summary>Datagrams taken from the kernel in one system call.</summary>
    private const int BatchSize = 32;

    /// <summary>Entries that are noted in the table together.</summary>
    private const int GroupSize = 32;

    private readonly ConnectionEntry[] _group = new ConnectionEntry[GroupSize];
    private readonly ApplyOutcome[] _outcomes = new ApplyOutcome[GroupSize];
    private readonly DatagramBuffer[] _batch = [.. Enumerable.Range(0, BatchSize).Select(_ => new DatagramBuffer(largestDatagram))];
    private int _grouped;
    private long _nowMs;
    private long _droppedBefore;
    private long _newConnections;
    private long _messages;
    private long _entries;

    /// <summary>Whether it waits for datagrams or handles some.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>Entries that were the first of their connection. Any thread may ask.</summary>
    public long NewConnections => Volatile.Read(ref _newConnections);

    /// <summary>Messages that came. Any thread may ask.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Entries that were taken over. Any thread may ask.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Who is heard; null where nobody asks.</summary>
    public PeerBook? Peers => peers;

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
        Activity.Begin();
        if (count > 0)
            Handle(_batch.AsSpan(0, count));
        Activity.End();
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
        _nowMs = table.NowMs;
        foreach (DatagramBuffer datagram in datagrams)
        {
            entries += Handle(datagram);
            bytes += datagram.Length;
        }

        NoteGroup();
        if (entries > 0)
            table.Signal(origin);
        counters.Pass(datagrams.Length, entries, bytes);
        Volatile.Write(ref _messages, _messages + datagrams.Length);
        Volatile.Write(ref _entries, _entries + entries);
    }

    private int Handle(DatagramBuffer datagram)
    {
        int entries = 0;
        bool isReadable = true;
        var reader = new MessageReader(datagram.Content, readerOptions);
        while (reader.Read(out _group[_grouped]))
        {
            if (reader.Refusal != Refusal.None)
            {
                counters.Refuse(reader.Refusal);
                isReadable = reader.Refusal.Scope() != RefusalScope.Message;
                continue;
            }

            if (isHidden?.Invoke(_group[_grouped].KeyInPlace) == true)
                continue;
            Add(reader.Persistence);
            entries++;
        }

        if (isReadable)
            peers?.Note(datagram.Source, reader.Version, entries, _nowMs);
        return entries;
    }

    /// <summary>Takes the entry that was read into the group. Persistence data is good only now, so such an entry does not wait for others.</summary>
    private void Add(PersistenceData persistence)
    {
        if (persistence.IsEmpty)
        {
            if (++_grouped == GroupSize)
                NoteGroup();
            return;
        }

        ConnectionEntry entry = _group[_grouped];
        NoteGroup();
        Note(table.Apply(entry, origin, persistence));
    }

    private void NoteGroup()
    {
        table.ApplyAll(_group.AsSpan(0, _grouped), origin, _outcomes, _nowMs);
        foreach (ApplyOutcome outcome in _outcomes.AsSpan(0, _grouped))
            Note(outcome);
        _grouped = 0;
    }

    private void Note(ApplyOutcome outcome)
    {
        if (outcome == ApplyOutcome.Created)
            Interlocked.Increment(ref _newConnections);
        else if (outcome == ApplyOutcome.Older)
            counters.Outdate();
        else if (outcome == ApplyOutcome.Refused)
            counters.Refuse(TableRefusal.ClientPortMissing);
        else if (outcome == ApplyOutcome.Full)
            counters.Refuse(TableRefusal.Full);
    }
}
