namespace IpvsSync.Daemon.Counters;

/// <summary>
/// What one lane has heard beyond the kernel's protocol and could not use. Lives as long as the lane. Written by the lane's receiver, read by any
/// thread.
/// </summary>
internal sealed class InboxCounts
{
    private long _own;
    private long _malformed;
    private long _unknown;

    /// <summary>Our own messages that came back.</summary>
    public long Own => Volatile.Read(ref _own);

    /// <summary>Control messages with a field that makes no sense.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Control messages of a kind that this program does not know, and such fields of others.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Counts one of our own messages.</summary>
    public void NoteOwn() => Volatile.Write(ref _own, _own + 1);

    /// <summary>Counts a control message with a field that makes no sense.</summary>
    public void NoteMalformed() => Volatile.Write(ref _malformed, _malformed + 1);

    /// <summary>Counts an unknown kind or field.</summary>
    public void NoteUnknown() => Volatile.Write(ref _unknown, _unknown + 1);
}
