using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// What a lane hears beyond the kernel's protocol (docs/protocol.md): the order of the peers' messages, what they miss, and what they tell again. For the
/// lane's receiver; allocates nothing for a known peer.
/// </summary>
/// <param name="extensions">The lane's own side.</param>
/// <param name="takesEntries">
/// False for a director that is no backup: it hears what its peers miss, and keeps no account of what they send.
/// </param>
internal sealed class LaneInbox(LaneExtensions extensions, bool takesEntries)
{
    private readonly RunInbox _runs = new(extensions, takesEntries);
    private readonly Strangers _strangers = new(extensions);
    private readonly QuestionInbox _questions = new(extensions);
    private int _link;
    private readonly TagGuard? _guard = extensions.Authentication is { } shared ? new TagGuard(shared) : null;
    private GreetingInbox? _greetings;

    /// <summary>This director's own instance.</summary>
    public uint Instance => extensions.Instance;

    /// <summary>Whether the entries of its messages are taken at all.</summary>
    public bool TakesEntries => takesEntries;

    /// <summary>Whether the message that was taken last says nothing of its sender: it may be a recording.</summary>
    public bool IsDoubtful { get; private set; }

    private GreetingInbox Greetings => _greetings ??= new GreetingInbox(extensions, takesEntries, _strangers);

    /// <summary>Checks who has sent a message, before anything in it is read, and finds its trailer.</summary>
    /// <param name="datagram">The message.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="trailer">Its trailer; default if it has none.</param>
    /// <param name="start">Where that begins; 0 if it has none.</param>
    /// <returns>False if the message is refused.</returns>
    public bool Passes(ReadOnlySpan<byte> datagram, in SourceAddress source, long nowMs, out Trailer trailer, out int start)
    {
        if (_guard is not null)
            return _guard.Passes(datagram, source, nowMs, out trailer, out start);
        Trailer.TryFind(datagram, out trailer, out start);
        return true;
    }

    /// <summary>Takes a message with a trailer.</summary>
    /// <param name="datagram">The message.</param>
    /// <param name="trailer">Its trailer.</param>
    /// <param name="start">Where that begins.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="teller">What is known of its entries' order and sender.</param>
    /// <param name="link">The number of the link on which it came.</param>
    /// <returns>Whether its entries are to be read: it has some, and they did not come before.</returns>
    public bool Take(ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in SourceAddress source, long nowMs, out Teller teller, int link = 0)
    {
        _link = link;
        AuthenticationOutcome outcome = AuthenticationOutcome.Good;
        bool isToRead = Take(datagram, trailer, start, source, nowMs, out teller, ref outcome);
        _guard?.Note(trailer, outcome, source, nowMs);
        IsDoubtful = _guard is { IsStrict: true } && outcome != AuthenticationOutcome.Good;
        return isToRead;
    }

    private bool Take(
        ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in SourceAddress source, long nowMs, out Teller teller, ref AuthenticationOutcome outcome)
    {
        teller = default;
        if (trailer.Instance == extensions.Instance || extensions.Teacher.Tells(trailer.Instance))
        {
            outcome = AuthenticationOutcome.Own;
            extensions.Inbox.NoteOwn();
            return false;
        }

        bool isControl = ControlReader.TryOpen(datagram, start, out ControlReader control);
        if (isControl && control.Kind is ControlKind.Begin or ControlKind.End)
            _runs.Hear(trailer, ref control, source, nowMs);
        if (_runs.IsAnothers(trailer.Instance))
            return false;
        if (takesEntries && extensions.Learner.TryFind(extensions.Lane, trailer.Instance, out Lesson lesson, out long sinceMs))
        {
            bool isToRead = _runs.Take(datagram, trailer, start, lesson, sinceMs, nowMs, out teller);
            outcome = _runs.IsOld ? AuthenticationOutcome.OldNumber : outcome;
            return isToRead;
        }

        if (_runs.IsLeft(trailer.Instance))
            return false;
        bool isKnown = !takesEntries || _guard is not { IsGood: true } || _strangers.Ask(trailer.Instance, nowMs);
        if (isKnown || !_guard!.IsStrict)
            return TakeNews(datagram, trailer, start, source, nowMs, out teller, ref outcome);
        outcome = HearStranger(datagram, trailer, start, source, nowMs);
        return false;
    }

    /// <summary>Hears one that has not answered. Only by an answer it becomes known, and only a question of who is there is answered.</summary>
    private AuthenticationOutcome HearStranger(ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in SourceAddress source, long nowMs)
    {
        ControlKind kind = ControlReader.TryOpen(datagram, start, out ControlReader control) ? control.Kind : default;
        if (kind == ControlKind.HelloAck && !LaneProbes.IsAnswer(control.Flags))
            Greetings.Hear(trailer, ref control, source, isSigned: true, nowMs, _link);
        if (kind == ControlKind.HelloAck && extensions.Windows.IsVouched(trailer.Instance, out _))
            return AuthenticationOutcome.Good;
        if (kind == ControlKind.Hello)
            Greetings.HearStranger(trailer, ref control, nowMs);
        else if (kind != ControlKind.HelloAck)
            _strangers.NoteDropped(trailer.Instance);
        return kind == ControlKind.Hello ? AuthenticationOutcome.Good : AuthenticationOutcome.UnknownInstance;
    }

    private bool TakeNews(
        ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in SourceAddress source, long nowMs, out Teller teller, ref AuthenticationOutcome outcome)
    {
        teller = default;
        NumberVerdict? verdict = null;
        if (takesEntries && trailer.Number > 0)
        {
            verdict = extensions.Windows.Note(trailer, source, nowMs, out bool opensHole, out byte owner, _link);
            teller = new Teller(OrderOf(verdict), owner);
            if (opensHole)
                extensions.Prompt();
            if (verdict is NumberVerdict.Duplicate or NumberVerdict.OutOfWindow)
            {
                outcome = extensions.Windows.LastWasCopy ? outcome : AuthenticationOutcome.OldNumber;
                return false;
            }
        }

        if (!ControlReader.TryOpen(datagram, start, out ControlReader control))
            return takesEntries;
        Hear(trailer, ref control, source, nowMs, isLast: verdict == NumberVerdict.Newest);
        return false;
    }

    private static RecordOrder OrderOf(NumberVerdict? verdict) => verdict switch
    {
        NumberVerdict.Newest => RecordOrder.Newer,
        NumberVerdict.Late => RecordOrder.Late,
        _ => RecordOrder.Unknown,
    };

    private void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs, bool isLast)
    {
        switch (control.Kind)
        {
            case ControlKind.Beat when takesEntries:
                HearBeat(trailer, ref control, source, nowMs);
                break;
            case ControlKind.Nack:
                HearNack(ref control);
                break;
            case ControlKind.Repaired when takesEntries:
                HearRepaired(trailer, ref control, nowMs);
                break;
            case ControlKind.Digest when takesEntries:
                HearDigest(trailer, ref control, isLast);
                break;
            case ControlKind.Detail when LaneExtensions.Asks(control.Flags):
                HearAnswer(trailer, ref control, source, nowMs);
                break;
            case ControlKind.Detail when takesEntries:
                HearDetail(trailer, ref control, isLast);
                break;
            case ControlKind.Tell:
                HearTell(trailer, ref control, nowMs);
                break;
            case ControlKind.Hello or ControlKind.HelloAck:
                Greetings.Hear(trailer, ref control, source, _guard?.IsGood == true, nowMs, _link);
                break;
            case ControlKind.Ask or ControlKind.Credit:
                _questions.Hear(trailer, ref control, source, nowMs);
                break;
            case < ControlKind.Hello or > ControlKind.Tell:
                extensions.Inbox.NoteUnknown();
                break;
        }

        if (control.IsMalformed)
            extensions.Inbox.NoteMalformed();
    }

    private void HearBeat(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (!Is(field, ControlField.Highest))
                continue;
            if (!ControlValue.TryReadNumber(value, out ulong highest))
                extensions.Inbox.NoteMalformed();
            else if (extensions.Windows.Announce(trailer, highest, source, nowMs, _link))
                extensions.Prompt();
        }
    }

    private void HearNack(ref ControlReader control)
    {
        uint target = 0;
        bool any = false;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Target)
                ControlValue.TryReadUInt32(value, out target);
            if (!Is(field, ControlField.Ranges) || target == 0)
                continue;
            while (ControlValue.TryReadRange(ref value, out NumberRange range))
                any |= target == extensions.Instance ? extensions.Requests.TryAdd(range) : extensions.Teacher.TryAddRequest(target, range);
            if (!value.IsEmpty)
                extensions.Inbox.NoteMalformed();
        }

        if (any)
            extensions.Prompt();
    }

    private void HearRepaired(in Trailer trailer, ref ControlReader control, long nowMs)
    {
        bool isGone = LaneRepair.IsGone(control.Flags);
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (!Is(field, ControlField.Ranges))
                continue;
            while (ControlValue.TryReadRange(ref value, out NumberRange range))
                extensions.Windows.Repair(trailer.Instance, range, isGone, nowMs);
            if (!value.IsEmpty)
                extensions.Inbox.NoteMalformed();
        }
    }

    private void HearDigest(in Trailer trailer, ref ControlReader control, bool isLast)
    {
        Span<ulong> sums = stackalloc ulong[CellSum.Groups];
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (!Is(field, ControlField.Sums))
                continue;
            if (ReadSums(value, out _, sums) != sums.Length)
                extensions.Inbox.NoteMalformed();
            else
                extensions.Windows.Compare(trailer.Instance, sums, isLast);
        }

        extensions.Prompt();
    }

    private void HearDetail(in Trailer trailer, ref ControlReader control, bool isLast)
    {
        Span<ulong> sums = stackalloc ulong[CellSum.CellsOfGroup];
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (!Is(field, ControlField.Sums))
                continue;
            if (ReadSums(value, out ushort first, sums) is not (> 0 and var count))
                extensions.Inbox.NoteMalformed();
            else
                extensions.Windows.CompareCells(trailer.Instance, first, sums[..count], isLast);
        }

        extensions.Prompt();
    }

    /// <summary>A peer says how many of our connections it holds, and which groups differ.</summary>
    private void HearAnswer(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        bool isOurs = false;
        ulong groups = 0;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Target)
                isOurs = IsOurs(value);
            else if (field == ControlField.Counts && isOurs)
                NoteHeld(trailer.Instance, source, value, nowMs);
            else if (Is(field, ControlField.Cells) && isOurs)
                groups |= ReadGroups(value);
        }

        if (groups == 0)
            return;
        extensions.Digest.Ask(groups);
        extensions.Prompt();
    }

    private void NoteHeld(uint instance, in SourceAddress source, ReadOnlySpan<byte> value, long nowMs)
    {
        Span<long> counts = stackalloc long[4];
        foreach (ref long count in counts)
        {
            if (!ControlValue.TryTakeUInt64(ref value, out ulong read))
            {
                extensions.Inbox.NoteMalformed();
                return;
            }

            count = (long)Math.Min(read, long.MaxValue);
        }

        // Earlier versions do not say it.
        long limit = ControlValue.TryTakeUInt64(ref value, out ulong most) ? (long)Math.Min(most, long.MaxValue) : 0;
        extensions.Held.Note(new HeldReport(instance, extensions.Windows.SourceOf(instance) ?? source, counts[0], counts[1], counts[2], counts[3], limit, nowMs));
    }

    private void HearTell(in Trailer trailer, ref ControlReader control, long nowMs)
    {
        bool isOurs = false;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Target)
                isOurs = IsOurs(value);
            if (field == ControlField.Target && isOurs && LaneExtensions.AsksForAll(control.Flags))
                extensions.TellAll(trailer.Instance, nowMs);
            if (!Is(field, ControlField.Cells) || !isOurs)
                continue;
            var cells = new CellSet();
            while (ControlValue.TryTakeUInt16(ref value, out ushort cell) && cell < CellSum.Cells)
                cells.Add(cell);
            extensions.TellCells(cells);
        }
    }

    private bool IsOurs(ReadOnlySpan<byte> value) => ControlValue.TryReadUInt32(value, out uint target) && target == extensions.Instance;

    private static ulong ReadGroups(ReadOnlySpan<byte> cells)
    {
        ulong groups = 0;
        while (ControlValue.TryTakeUInt16(ref cells, out ushort cell) && cell < CellSum.Cells)
            groups |= 1UL << (cell / CellSum.CellsOfGroup);
        return groups;
    }

    /// <summary>Reads sums.</summary>
    /// <returns>How many there are; negative if they are not such a list, or more than there is room for.</returns>
    private static int ReadSums(ReadOnlySpan<byte> value, out ushort first, Span<ulong> sums)
    {
        int count = 0;
        if (!ControlValue.TryTakeUInt16(ref value, out first))
            return -1;
        while (count < sums.Length && ControlValue.TryTakeUInt64(ref value, out ulong sum))
            sums[count++] = sum;
        return value.IsEmpty ? count : -1;
    }

    /// <summary>Whether a field is the one that matters; others are skipped, and unknown ones counted.</summary>
    private bool Is(ControlField field, ControlField wanted)
    {
        if (field is < ControlField.Target or > ControlField.Padding)
            extensions.Inbox.NoteUnknown();
        return field == wanted;
    }
}
