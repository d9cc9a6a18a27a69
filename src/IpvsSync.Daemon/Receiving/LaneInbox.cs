using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
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
    private long _own;
    private long _malformed;
    private long _unknown;

    /// <summary>Our own messages that came back. Any thread may ask, as the next.</summary>
    public long Own => Volatile.Read(ref _own);

    /// <summary>Control messages with a field that makes no sense.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Control messages of a kind that this program does not know.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>This director's own instance.</summary>
    public uint Instance => extensions.Instance;

    /// <summary>Whether the entries of its messages are taken at all.</summary>
    public bool TakesEntries => takesEntries;

    /// <summary>Takes a message with a trailer.</summary>
    /// <param name="datagram">The message.</param>
    /// <param name="trailer">Its trailer.</param>
    /// <param name="start">Where that begins.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="verdict">What its number says; null if nothing is known of its order.</param>
    /// <returns>Whether its entries are to be read: it has some, and they did not come before.</returns>
    public bool Take(
        ReadOnlySpan<byte> datagram, in Trailer trailer, int start, in SourceAddress source, long nowMs, out NumberVerdict? verdict)
    {
        verdict = null;
        if (trailer.Instance == extensions.Instance)
        {
            Volatile.Write(ref _own, _own + 1);
            return false;
        }

        if (takesEntries && trailer.Number > 0)
        {
            verdict = extensions.Windows.Note(trailer, source, nowMs, out bool opensHole);
            if (opensHole)
                extensions.Prompt();
            if (verdict is NumberVerdict.Duplicate or NumberVerdict.OutOfWindow)
                return false;
        }

        if (!ControlReader.TryOpen(datagram, start, out ControlReader control))
            return takesEntries;
        Hear(trailer, ref control, source, nowMs);
        return false;
    }

    private void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
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
            case < ControlKind.Hello or > ControlKind.Tell:
                Volatile.Write(ref _unknown, _unknown + 1);
                break;
        }

        if (control.IsMalformed)
            CountMalformed();
    }

    private void HearBeat(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field != ControlField.Highest)
                continue;
            if (!ControlValue.TryReadNumber(value, out ulong highest))
                CountMalformed();
            else if (extensions.Windows.Announce(trailer, highest, source, nowMs))
                extensions.Prompt();
        }
    }

    private void HearNack(ref ControlReader control)
    {
        bool isOurs = false;
        bool any = false;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Target)
                isOurs = ControlValue.TryReadUInt32(value, out uint target) && target == extensions.Instance;
            if (field != ControlField.Ranges || !isOurs)
                continue;
            while (ControlValue.TryReadRange(ref value, out NumberRange range))
                any |= extensions.Requests.TryAdd(range);
            if (!value.IsEmpty)
                CountMalformed();
        }

        if (any)
            extensions.Prompt();
    }

    private void HearRepaired(in Trailer trailer, ref ControlReader control, long nowMs)
    {
        bool isGone = LaneRepair.IsGone(control.Flags);
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field != ControlField.Ranges)
                continue;
            while (ControlValue.TryReadRange(ref value, out NumberRange range))
                extensions.Windows.Repair(trailer.Instance, range, isGone, nowMs);
            if (!value.IsEmpty)
                CountMalformed();
        }
    }

    private void CountMalformed() => Volatile.Write(ref _malformed, _malformed + 1);
}
