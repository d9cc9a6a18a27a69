using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// The runs that are told on a lane (docs/protocol.md, "Resync"): this director's own, which it follows, and those of others, which it passes over.
/// For the lane's receiver; allocates nothing per message.
/// </summary>
/// <param name="extensions">The lane's own side.</param>
/// <param name="learns">Whether this director takes what it is told.</param>
internal sealed class RunInbox(LaneExtensions extensions, bool learns)
{
    /// <summary>Runs of others that are known at a time.</summary>
    private const int MostOthers = 16;

    private readonly uint[] _others = new uint[MostOthers];
    private int _next;
    private uint _begun;

    /// <summary>Whether the message that was taken last came before.</summary>
    public bool IsOld { get; private set; }

    /// <summary>Whether a run is told under an instance to somebody else.</summary>
    public bool IsAnothers(uint instance) => Array.IndexOf(_others, instance) >= 0;

    /// <summary>Whether an instance is that of a run that the learner has left. It is passed over from now on.</summary>
    public bool IsLeft(uint instance)
    {
        if (instance != _begun || instance == 0)
            return false;
        PassOver(instance);
        return true;
    }

    /// <summary>Hears BEGIN or END, whoever it is for.</summary>
    public void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        ControlReader reader = control;
        var fields = ControlFields.Of(ref reader, extensions.Inbox);
        bool isOurs = learns && fields.Target == extensions.Instance;
        if (isOurs && control.Kind == ControlKind.Begin)
            Begin(trailer, fields, source, nowMs);
        else if (isOurs)
            extensions.Learner.NoteEnd(extensions.Lane, fields.Run, fields.Highest, fields.Outcome != (byte)ResyncOutcome.Full, nowMs);
        // One of ours that is over is told on until its teacher has heard so.
        if (!extensions.Learner.TryFind(extensions.Lane, trailer.Instance, out _, out _))
            PassOver(trailer.Instance);
    }

    /// <summary>Takes a message of a run of ours.</summary>
    /// <param name="datagram">The message.</param>
    /// <param name="trailer">Its trailer.</param>
    /// <param name="start">Where that begins.</param>
    /// <param name="lesson">What is told.</param>
    /// <param name="sinceMs">When this director began to learn.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="teller">What is known of its entries' order and sender.</param>
    /// <returns>Whether its entries are to be read.</returns>
    public bool Take(ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in Lesson lesson, long sinceMs, long nowMs, out Teller teller)
    {
        byte owner = lesson.IsRemembered ? OwnerSums.Nobody : extensions.Windows.OwnerOf(lesson.Teacher, nowMs);
        teller = new Teller(RecordOrder.Late, owner, Math.Max(1, sinceMs), lesson.IsRemembered);
        IsOld = false;
        bool isControl = ControlReader.TryOpen(datagram, start, out ControlReader control);
        if (isControl)
            HearControl(trailer, ref control, nowMs);
        if (!extensions.Windows.NoteRun(trailer, nowMs, out bool isNew, out RunTrace trace))
            return false;
        // BEGIN has been noted already, as that with which the run begins.
        IsOld = trailer.Number > 0 && !isNew && !(isControl && control.Kind == ControlKind.Begin);
        bool hasEntries = isNew && !isControl;
        extensions.Learner.NoteTrace(extensions.Lane, hasEntries ? new MessageReader(datagram, default).Count : 0, trace, nowMs);
        if (trace.Open > 0)
            extensions.Prompt();
        return hasEntries;
    }

    private void HearControl(in Trailer trailer, ref ControlReader control, long nowMs)
    {
        bool isGone = LaneRepair.IsGone(control.Flags);
        ControlKind kind = control.Kind;
        while (kind is ControlKind.Beat or ControlKind.Repaired && control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Highest && kind == ControlKind.Beat && ControlValue.TryReadNumber(value, out ulong highest))
                extensions.Windows.AnnounceRun(trailer.Instance, highest, nowMs);
            while (field == ControlField.Ranges && kind == ControlKind.Repaired && ControlValue.TryReadRange(ref value, out NumberRange range))
                extensions.Windows.Repair(trailer.Instance, range, isGone, nowMs);
        }
    }

    private void Begin(in Trailer trailer, in ControlFields fields, in SourceAddress source, long nowMs)
    {
        if (!extensions.Learner.NoteBegin(extensions.Lane, fields.Run, trailer.Instance, trailer.Number, fields.Count(0), nowMs))
            return;
        if (_begun != 0 && _begun != trailer.Instance)
            PassOver(_begun);
        _begun = trailer.Instance;
        int known = Array.IndexOf(_others, trailer.Instance);
        if (known >= 0)
            _others[known] = 0;
        extensions.Windows.BeginRun(trailer, source, nowMs);
    }

    private void PassOver(uint instance)
    {
        if (IsAnothers(instance))
            return;
        _others[_next] = instance;
        _next = (_next + 1) % MostOthers;
        extensions.Windows.EndRun(instance);
    }
}
