using System.Numerics;
using IpvsSync.Daemon.Peers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Tells the sums of this director's own connections on one lane: of all groups each <see cref="FlowConstants.DigestMs"/>, of single cells when a peer asks. The
/// sums are read when no message waits in the lane, so that they are those of the messages that left before. For the lane's sender, except
/// where said; allocates nothing.
/// </summary>
/// <param name="options">The lane.</param>
/// <param name="teller">Has the sums.</param>
/// <param name="nowMs">The time on the lane's clock; the first digest is due an interval later.</param>
internal sealed class LaneDigest(LaneExtensionsOptions options, IRecordTeller teller, long nowMs)
{
    private readonly ulong[] _sums = new ulong[CellSum.Cells];
    private long _dueMs = nowMs + FlowConstants.DigestMs;
    private ulong _asked;
    private ulong _details;
    private bool _hasDigest;

    /// <summary>When sums are to be read or told.</summary>
    public long DueMs => Volatile.Read(ref _asked) != 0 || _details != 0 || _hasDigest ? long.MinValue : _dueMs;

    /// <summary>Whether a message is ready that tells sums.</summary>
    public bool HasMessage => _details != 0 || _hasDigest;

    /// <summary>Asks for the sums of the cells of some groups. Any thread.</summary>
    public void Ask(ulong groups) => Interlocked.Or(ref _asked, groups);

    /// <summary>Whether sums are to be read.</summary>
    public bool WantsSums(long atMs) => !HasMessage && (Volatile.Read(ref _asked) != 0 || atMs >= _dueMs);

    /// <summary>Reads the sums. No message waits in the lane.</summary>
    public void Read(long atMs)
    {
        _details = Interlocked.Exchange(ref _asked, 0);
        _hasDigest = atMs >= _dueMs;
        if (_hasDigest)
            _dueMs = atMs + FlowConstants.DigestMs;
        if (!teller.TryCopySums(_sums))
            (_details, _hasDigest) = (0, false);
    }

    /// <summary>Makes the next message of those that the sums that were read are told in.</summary>
    public bool TryMake(DatagramBuffer message)
    {
        if (_hasDigest)
            MakeDigest(message);
        else if (_details != 0)
            MakeDetail(message);
        else
            return false;
        return true;
    }

    private void MakeDigest(DatagramBuffer message)
    {
        Span<ulong> groups = stackalloc ulong[CellSum.Groups];
        groups.Clear();
        for (int cell = options.Lane; cell < _sums.Length; cell += options.Lanes)
            groups[cell / CellSum.CellsOfGroup] += _sums[cell];
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.Digest);
        writer.TryWriteSums(0, groups);
        message.Length = writer.Length;
        _hasDigest = false;
    }

    /// <summary>Tells the cells of as many groups as fit.</summary>
    private void MakeDetail(DatagramBuffer message)
    {
        var writer = ControlWriter.Start(message.Space[..(message.Space.Length - FlowConstants.TrailerRoom)], options.SyncId, ControlKind.Detail);
        while (_details != 0)
        {
            int first = BitOperations.TrailingZeroCount(_details) * CellSum.CellsOfGroup;
            if (!writer.TryWriteSums((ushort)first, _sums.AsSpan(first, CellSum.CellsOfGroup)))
                break;
            _details &= _details - 1;
        }

        message.Length = writer.Length;
    }
}
