using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// What a lane says beyond the kernel's protocol (docs/protocol.md): the numbers of its messages, what was lost, what is missing, and that it is
/// there. It outlives the lane's queue, so that numbers go on through a change of role. The sender's thread calls all members but those that
/// say otherwise.
/// </summary>
internal sealed class LaneExtensions
{
    /// <summary>Messages that <see cref="Speak"/> makes at most.</summary>
    public const int MostSpoken = 64;

    /// <summary>The flag of a DETAIL that asks for sums instead of telling them.</summary>
    private const byte AskFlag = 1;

    /// <summary>The flag of a TELL that asks for everything instead of some cells.</summary>
    private const byte AllFlag = 1;

    /// <summary>Cells in one TELL.</summary>
    private const int MostCells = 240;

    private readonly DatagramBuffer _told;
    private const int OwnMessages = 7;

    private readonly DatagramBuffer[] _control;
    private readonly ushort[] _cells = new ushort[MostCells];
    private readonly NumberRange[] _ranges;
    private readonly LaneExtensionsOptions _options;
    private readonly BeatSchedule _beats;
    private readonly IRecordTeller _teller;
    private readonly ISpeaker[] _speakers;
    private LaneRepairSource? _source;
    private Action? _prompt;
    private readonly Dictionary<uint, long> _toldAllMs = [];
    private long _nacks;

    /// <summary>A lane that has said nothing.</summary>
    /// <param name="options">How it speaks.</param>
    /// <param name="teller">Tells records again.</param>
    /// <param name="owners">The places of all peers.</param>
    /// <param name="learner">Learns from the peers.</param>
    /// <param name="nowMs">The time on the lane's clock, which is the table's.</param>
    /// <param name="probes">Asks for answers on the first lane; null on others.</param>
    public LaneExtensions(LaneExtensionsOptions options, IRecordTeller teller, PeerOwners owners, Learner learner, long nowMs, LaneProbes? probes = null)
    {
        Probes = probes;
        _control = [.. Enumerable.Range(0, OwnMessages).Select(_ => new DatagramBuffer(FlowConstants.ControlSize))];
        (_options, _teller) = (options, teller);
        _beats = new BeatSchedule(nowMs);
        _told = new DatagramBuffer(options.ToldSize + FlowConstants.TrailerRoom);
        _ranges = new NumberRange[Math.Min((FlowConstants.ControlSize - 64) / NumberRange.WireLength, NumberRange.MaxRanges)];
        Numbers = new SentNumbers(options.History);
        Windows = new LaneWindows(options.Instance, options.Lane, options.Lanes, owners, learner, options.Authentication is { } signs ? () => signs.Store.IsRequired : null);
        Digest = new LaneDigest(options, teller, nowMs);
        Repair = new LaneRepair(Numbers, Requests, options);
        Learner = learner;
        Learning = new LaneLearning(options, learner, teller, Numbers);
        Teacher = new LaneTeacher(options, teller, Windows, learner);
        _speakers = probes is null ? [Learning, Teacher] : [Learning, Teacher, probes];
    }

    /// <summary>This director's instance.</summary>
    public uint Instance => _options.Instance;

    /// <summary>The lane.</summary>
    public int Lane => _options.Lane;

    /// <summary>What the lane's sides share to sign; null: nothing ever is signed.</summary>
    public LaneAuthentication? Authentication => _options.Authentication;

    /// <summary>The messages that left.</summary>
    public SentNumbers Numbers { get; }

    /// <summary>Learns from the peers. Any thread.</summary>
    public Learner Learner { get; }

    /// <summary>What the lane says to learn.</summary>
    public LaneLearning Learning { get; }

    /// <summary>Tells peers that learn.</summary>
    public LaneTeacher Teacher { get; }

    /// <summary>Asks peers for answers; null on all lanes but the first.</summary>
    public LaneProbes? Probes { get; }

    /// <summary>What the peers' messages say. Any thread.</summary>
    public LaneWindows Windows { get; }

    /// <summary>What is told again.</summary>
    public LaneRepair Repair { get; }

    /// <summary>The sums that are told.</summary>
    public LaneDigest Digest { get; }

    /// <summary>How many of our connections each peer holds. Any thread.</summary>
    public HeldReports Held { get; } = new();

    /// <inheritdoc cref="IRecordTeller.KernelLimit"/>
    public int KernelLimit => _teller.KernelLimit;

    /// <summary>What the peers ask for. Any thread.</summary>
    public RepairRequests Requests { get; } = new();

    /// <summary>What the lane has heard and could not use. Any thread.</summary>
    public InboxCounts Inbox { get; } = new();

    /// <summary>NACKs sent. Any thread.</summary>
    public long Nacks => Volatile.Read(ref _nacks);

    /// <summary>Has <paramref name="prompt"/> called when there is something to say earlier than <see cref="DueMs"/> said.</summary>
    public void Attach(Action prompt) => Volatile.Write(ref _prompt, prompt);

    /// <summary>Has the sender look at what there is to say. Any thread.</summary>
    public void Prompt() => Volatile.Read(ref _prompt)?.Invoke();

    /// <summary>When there is something to say, in milliseconds on the lane's clock; <see cref="long.MinValue"/> for now.</summary>
    public long DueMs(long nowMs)
    {
        if (Repair.HasWork || Windows.HasAuditWork)
            return long.MinValue;
        long dueMs = Math.Min(Math.Min(_beats.DueMs, Digest.DueMs), Windows.DueMs(nowMs));
        foreach (ISpeaker speaker in _speakers)
            dueMs = Math.Min(dueMs, speaker.DueMs());
        return dueMs;
    }

    /// <summary>Has the connections of some cells told again. Any thread.</summary>
    public void TellCells(CellSet cells) => _teller.TellCells(cells);

    /// <summary>Has everything on this lane told again that is this director's own, once for each peer and question. The receiver's thread.</summary>
    public void TellAll(uint instance, long nowMs)
    {
        if (_toldAllMs.TryGetValue(instance, out long toldMs) && nowMs - toldMs < FlowConstants.AllAgainMs / 2)
            return;
        if (_toldAllMs.Count >= FlowConstants.MaxPeers)
            _toldAllMs.Clear();
        _toldAllMs[instance] = nowMs;
        var cells = new CellSet();
        for (int cell = _options.Lane; cell < CellSum.Cells; cell += _options.Lanes)
            cells.Add(cell);
        TellCells(cells);
    }

    /// <summary>Whether a TELL with these flags asks for everything.</summary>
    public static bool AsksForAll(byte flags) => (flags & AllFlag) != 0;

    /// <summary>Whether a DETAIL with these flags asks for sums.</summary>
    public static bool Asks(byte flags) => (flags & AskFlag) != 0;

    /// <summary>Writes the trailer behind a message that was numbered.</summary>
    public void Seal(DatagramBuffer message, ulong number) => _options.Seal(message, message.Length, Instance, number);

    /// <summary>Notes that numbered messages leave.</summary>
    public void NoteDeparture(long nowMs) => _beats.NoteMessage(nowMs);

    /// <summary>Makes the messages that are due, with at most one of repair, each with its trailer.</summary>
    /// <param name="queue">The lane's queue.</param>
    /// <param name="messages">Takes them; the buffers are this object's, and valid until the next call.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    /// <returns>How many there are.</returns>
    public int Speak(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs)
    {
        int count = 0;
        if (TryNack(_control[0], nowMs))
            messages[count++] = _control[0];
        if (Repair.HasWork)
        {
            if (Repair.TryTell(_told, queue.Version, SourceOf(queue), queue.NowMs))
                messages[count++] = Number(_told, Repair.Told, queue.NowMs);
            if (Repair.TryName(_control[1]))
                messages[count++] = Number(_control[1], [], nowMs);
        }

        if (Digest.TryMake(_control[2]))
            messages[count++] = Number(_control[2], [], nowMs);
        if (TryAnswer(_control[3], nowMs))
            messages[count++] = _control[3];
        if (TryWant(_control[4]))
            messages[count++] = _control[4];
        if (TryWantAll(_control[5], nowMs))
            messages[count++] = _control[5];
        if (_beats.DueMs <= nowMs)
            messages[count++] = Beat(_control[6], nowMs);
        foreach (ISpeaker speaker in _speakers)
            count += speaker.Speak(queue, messages[count..], nowMs);
        return count;
    }

    private LaneRepairSource SourceOf(LaneQueue queue)
    {
        if (_source?.Queue != queue)
            _source = new LaneRepairSource(_teller, queue);
        return _source;
    }

    /// <summary>Answers a digest: what was found, and the groups whose cells are wanted.</summary>
    private bool TryAnswer(DatagramBuffer message, long nowMs)
    {
        if (!Windows.TryTakeAnswer(nowMs, out ulong groups, out HeldReport report))
            return false;
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Detail, AskFlag);
        writer.TryWriteUInt32(ControlField.Target, report.Instance);
        writer.TryWriteUInt64s(ControlField.Counts, [(ulong)report.Own, (ulong)report.Held, (ulong)report.Extra, (ulong)report.Differing, (ulong)KernelLimit]);
        int count = 0;
        for (int group = 0; group < CellSum.Groups; group++)
        {
            if ((groups >> group & 1) != 0)
                _cells[count++] = (ushort)(group * CellSum.CellsOfGroup);
        }

        writer.TryWriteUInt16s(ControlField.Cells, _cells.AsSpan(0, count));
        Finish(message, writer.Length);
        return true;
    }

    /// <summary>Asks for the connections of the cells that differ.</summary>
    private bool TryWant(DatagramBuffer message)
    {
        int count = Windows.TakeWanted(out uint instance, _cells);
        if (count == 0)
            return false;
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Tell);
        writer.TryWriteUInt32(ControlField.Target, instance);
        writer.TryWriteUInt16s(ControlField.Cells, _cells.AsSpan(0, count));
        Finish(message, writer.Length);
        return true;
    }

    /// <summary>Asks for everything.</summary>
    private bool TryWantAll(DatagramBuffer message, long nowMs)
    {
        if (!Windows.TryTakeAll(nowMs, out uint instance))
            return false;
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Tell, AllFlag);
        writer.TryWriteUInt32(ControlField.Target, instance);
        Finish(message, writer.Length);
        return true;
    }

    /// <summary>Ends a message without a number.</summary>
    private void Finish(DatagramBuffer message, int length)
    {
        message.Length = length;
        Seal(message, number: 0);
    }

    private bool TryNack(DatagramBuffer message, long nowMs)
    {
        int count = Windows.TakeDue(nowMs, out uint instance, _ranges);
        if (count == 0)
            return false;
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Nack);
        writer.TryWriteUInt32(ControlField.Target, instance);
        writer.TryWriteRanges(_ranges.AsSpan(0, count));
        Finish(message, writer.Length);
        Volatile.Write(ref _nacks, _nacks + 1);
        return true;
    }

    /// <summary>Numbers a message. No record of it was told later than <paramref name="nowMs"/>.</summary>
    private DatagramBuffer Number(DatagramBuffer message, ReadOnlySpan<int> records, long nowMs)
    {
        Seal(message, Numbers.Note(records, nowMs));
        _beats.NoteMessage(nowMs);
        return message;
    }

    private DatagramBuffer Beat(DatagramBuffer message, long nowMs)
    {
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Beat);
        writer.TryWriteNumber(ControlField.Highest, Numbers.Last);
        Finish(message, writer.Length);
        _beats.NoteBeat(nowMs);
        return message;
    }
}
