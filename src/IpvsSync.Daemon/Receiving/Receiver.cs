using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Receives the messages of one port, the peers' as well as the kernel's feed:
/// 1. take the datagrams that are there, several a system call; refuse those of strangers;
/// 2. read each entry; refuse and count what the protocol forbids;
/// 3. apply them to the table in groups; the table's outlets pass on what is new, to the peers or to the kernel;
/// 4. wake the senders once a batch.
/// Runs on its own thread until its socket is shut down. A lane that hears on several links has a <see cref="Branch"/> with a thread for each further one; one
/// lock has them take turns.
/// </summary>
/// <param name="socket">What it reads; the caller disposes it.</param>
/// <param name="readerOptions">Which messages are read.</param>
/// <param name="origin">Whose connections they are.</param>
/// <param name="table">Gets the entries.</param>
/// <param name="counters">The stage that is counted.</param>
/// <param name="largestDatagram">Bytes of the largest message that can come; a larger one is cut, and refused.</param>
/// <param name="isHidden">True for entries that are left out, and from a peer are refused; null: none are.</param>
/// <param name="peers">Notes the sender of each message that can be read; null: nobody does.</param>
/// <param name="inbox">Reads what is beyond the kernel's protocol; null: nobody does.</param>
/// <param name="knows">The hosts that are heard; null: all.</param>
internal sealed class Receiver(
    IDatagramReceiver socket,
    ReaderOptions readerOptions,
    Origin origin,
    ConnectionTable table,
    StageCounters counters,
    int largestDatagram = DatagramBuffer.MaxPayload,
    EntryFilter? isHidden = null,
    LanePeers? peers = null,
    LaneInbox? inbox = null,
    SourceFilter? knows = null)
{
    private readonly Lock _lock = new();
    private readonly ConnectionEntry[] _group = new ConnectionEntry[FlowConstants.ApplyGroup];
    private readonly ApplyOutcome[] _outcomes = new ApplyOutcome[FlowConstants.ApplyGroup];
    private readonly DatagramBuffer[] _batch = [.. Enumerable.Range(0, FlowConstants.ReceiveBatch).Select(_ => new DatagramBuffer(largestDatagram))];
    private int _grouped;
    private Teller _teller;
    private long _nowMs;
    private uint _longestTimeout;
    private readonly List<IDatagramReceiver> _sockets = [socket];
    private long _droppedBefore;
    private int _link;
    private long _newConnections;
    private long _messages;
    private long _entries;

    /// <summary>Whether it waits for datagrams or handles them.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>Entries of connections that the table did not know. Any thread may ask.</summary>
    public long NewConnections => Volatile.Read(ref _newConnections);

    /// <summary>
    /// Messages received, those that were refused included; not those that came before, nor those without entries that only daemons of this kind
    /// send. Any thread may ask.
    /// </summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Good entries in them. Any thread may ask.</summary>
    public long Entries => Volatile.Read(ref _entries);

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
            Handle(_batch.AsSpan(0, count), link: 0);
        Activity.End();
        return count > 0;
    }

    /// <summary>Adds a socket of another link. Before anything runs.</summary>
    /// <param name="other">The socket; the caller disposes it.</param>
    /// <param name="link">The link's number.</param>
    public ReceiverBranch Branch(IDatagramReceiver other, int link)
    {
        _sockets.Add(other);
        return new ReceiverBranch(this, other, link, largestDatagram);
    }

    /// <summary>
    /// Counts what the kernel has dropped at this socket since the last call. It costs a system call, so housekeeping calls it, not the
    /// receiving thread.
    /// </summary>
    public void CountDrops()
    {
        long dropped = _sockets.Sum(one => one.Dropped);
        counters.Lose(dropped - _droppedBefore);
        _droppedBefore = dropped;
    }

    /// <summary>Handles datagrams that came on a link. Any thread that receives for this lane.</summary>
    public void Handle(ReadOnlySpan<DatagramBuffer> datagrams, int link)
    {
        lock (_lock)
        {
            _link = link;
            HandleInTurn(datagrams);
        }
    }

    private void HandleInTurn(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int messages = 0;
        int entries = 0;
        long bytes = 0;
        _nowMs = table.NowMs;
        _longestTimeout = table.LongestTimeout;
        foreach (DatagramBuffer datagram in datagrams)
        {
            if (knows?.Has(datagram.Source) == false)
            {
                counters.Refuse(TableRefusal.UnknownSource);
                continue;
            }

            if (inbox is not null && !IsOfOthers(datagram) && !IsToRead(inbox, datagram))
                continue;
            messages++;
            entries += Handle(datagram);
            bytes += datagram.Length;
        }

        ApplyGroup();
        if (entries > 0)
            table.Signal(origin);
        counters.Pass(messages, entries, bytes);
        Volatile.Write(ref _messages, _messages + messages);
        Volatile.Write(ref _entries, _entries + entries);
    }

    /// <summary>Whether it is for directors with another sync id: the reader refuses it, and nothing behind its entries is looked at.</summary>
    private bool IsOfOthers(DatagramBuffer datagram) => readerOptions.SyncId != 0 && datagram.Content is [_, var syncId, ..] && syncId != readerOptions.SyncId;

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

            if (isHidden?.Invoke(_group[_grouped]) == true)
            {
                CountHidden();
                continue;
            }

            if (DeadTemplate.Is(_group[_grouped]))
            {
                counters.Refuse(TableRefusal.DeadTemplate);
                continue;
            }

            if (_group[_grouped].Timeout > _longestTimeout)
                Shorten(ref _group[_grouped]);
            Add(reader.Persistence);
            entries++;
        }

        if (isReadable)
            peers?.Note(datagram.Source, reader.Version, entries, _nowMs);
        return entries;
    }

    /// <summary>Whether the entries of a message are to be read; notes what is known of their order.</summary>
    private bool IsToRead(LaneInbox lane, DatagramBuffer datagram)
    {
        Teller teller = default;
        if (!lane.Passes(datagram.Content, datagram.Source, _nowMs, out Trailer trailer, out int start))
            return false;
        if (start == 0)
        {
            if (!lane.TakesEntries)
                return false;
        }
        else if (!IsToRead(lane, datagram, trailer, start, out teller))
        {
            if (lane.TakesEntries && trailer.Instance != lane.Instance && !lane.IsDoubtful)
                peers?.NoteSign(datagram.Source, _nowMs);
            return false;
        }

        if (teller != _teller)
            ApplyGroup();
        _teller = teller;
        return true;
    }

    private bool IsToRead(LaneInbox lane, DatagramBuffer datagram, in Trailer trailer, int start, out Teller teller)
    {
        // What a control message says is said of all entries before it.
        if (ControlReader.TryOpen(datagram.Content, start, out _))
            ApplyGroup();
        return lane.Take(datagram.Content, trailer, start, datagram.Source, _nowMs, out teller, _link);
    }

    /// <summary>
    /// Adds the entry that was read last to the group. Its persistence data is valid until the next read only, so an entry with such
    /// data is applied at once, after those before it.
    /// </summary>
    private void Add(scoped in PersistenceData persistence)
    {
        if (persistence.IsEmpty)
        {
            if (++_grouped == FlowConstants.ApplyGroup)
                ApplyGroup();
            return;
        }

        ConnectionEntry entry = _group[_grouped];
        ApplyGroup();
        Count(table.Apply(entry, origin, persistence, _teller));
    }

    private void ApplyGroup()
    {
        if (_grouped == 0)
            return;
        table.ApplyAll(_group.AsSpan(0, _grouped), origin, _outcomes, _nowMs, _teller);
        foreach (ApplyOutcome outcome in _outcomes.AsSpan(0, _grouped))
            Count(outcome);
        _grouped = 0;
    }

    /// <summary>This director's kernel tells of them all the time; from a peer they are forged.</summary>
    private void CountHidden()
    {
        if (origin == Origin.Peer)
            counters.Refuse(TableRefusal.PusherAddress);
    }

    private void Shorten(ref ConnectionEntry entry)
    {
        entry = entry with { Timeout = _longestTimeout };
        counters.Shorten();
    }

    /// <summary>What there was no room in.</summary>
    private static TableRefusal Room(ApplyOutcome outcome) => outcome switch
    {
        ApplyOutcome.KernelFull => TableRefusal.KernelFull,
        ApplyOutcome.MemoryShort => TableRefusal.MemoryShort,
        _ => TableRefusal.Full,
    };

    private void Count(ApplyOutcome outcome)
    {
        if (outcome == ApplyOutcome.Created)
            Volatile.Write(ref _newConnections, _newConnections + 1);
        else if (outcome == ApplyOutcome.Older)
            counters.Outdate();
        else if (outcome == ApplyOutcome.Refused)
            counters.Refuse(TableRefusal.ClientPortMissing);
        else if (outcome == ApplyOutcome.Swallows)
            counters.Refuse(TableRefusal.AnyClientPort);
        else if (outcome == ApplyOutcome.ServerGone)
            counters.Refuse(TableRefusal.ServerGone);
        else if (outcome >= ApplyOutcome.Full)
            counters.Refuse(Room(outcome));
    }
}
