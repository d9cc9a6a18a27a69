using System.Runtime.InteropServices;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// What was received from a peer on one lane. Written by the lane's receiver, read by any thread. Two cache lines long, so that the
/// receivers of neighbouring lanes never write to the same line.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct LaneRecord
{
    private long _messages;
    private long _entries;
    private long _heardMs;
    private long _versionMs;
    private int _version;

    /// <summary>Messages that could be read.</summary>
    public readonly long Messages => Volatile.Read(in _messages);

    /// <summary>Good entries in them.</summary>
    public readonly long Entries => Volatile.Read(in _entries);

    /// <summary>When the last message came, on the table's clock; meaningless before the first.</summary>
    public readonly long HeardMs => Volatile.Read(in _heardMs);

    /// <summary>The version of the last message that <see cref="Note"/> was told of.</summary>
    public readonly SyncVersion Version => (SyncVersion)Volatile.Read(in _version);

    /// <summary>When that came, plus 1; 0 if there was none.</summary>
    public readonly long VersionMs => Volatile.Read(in _versionMs);

    /// <summary>Notes a message of the kernel's protocol.</summary>
    public void Note(SyncVersion version, int entries, long nowMs)
    {
        Volatile.Write(ref _entries, _entries + entries);
        Volatile.Write(ref _version, (int)version);
        Volatile.Write(ref _versionMs, nowMs + 1);
        NoteSign(nowMs);
    }

    /// <summary>Notes a message that says nothing about the version: all of those between daemons of this kind look like version 1.</summary>
    public void NoteSign(long nowMs)
    {
        Volatile.Write(ref _heardMs, nowMs);
        Volatile.Write(ref _messages, _messages + 1);
    }
}
