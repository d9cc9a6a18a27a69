namespace IpvsSync.Daemon.Peers;

/// <summary>
/// Compares one peer's connections on one lane with what was received of them (docs/protocol.md, "Audit"). The lane's lock guards it; 6 kB.
/// </summary>
/// <param name="lane">The lane.</param>
/// <param name="lanes">Lanes of this director, a power of two.</param>
internal sealed class PeerAudit(int lane, int lanes)
{
    private readonly byte[] _differed = new byte[CellSum.Cells];
    private readonly CellSet _wanted = new();
    private readonly CellSet _compared = new();
    private bool _isAllWantedAgain;
    private ulong _awaited;
    private long _allAskedMs = long.MinValue / 2;
    private long _allDueMs = long.MaxValue;
    private int _allTimes;
    private long _own;
    private long _held;
    private long _extra;

    /// <summary>Groups of which the sums of single cells are wanted, and have not been compared yet.</summary>
    public ulong WantedGroups => _awaited;

    /// <summary>Whether sums of single cells came that could not be compared.</summary>
    public bool HasPassedOver { get; private set; }

    /// <summary>Whether a digest was compared that has not been answered.</summary>
    public bool OwesAnswer { get; private set; }

    /// <summary>Cells whose connections are to be told again.</summary>
    public CellSet Wanted => _wanted;

    /// <summary>What was found last.</summary>
    /// <param name="instance">The peer.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public HeldReport Report(uint instance, long nowMs) => new(instance, default, _own, _held, _extra, Differing, Limit: 0, nowMs);

    /// <summary>When everything is to be asked for, on the table's clock; <see cref="long.MaxValue"/> if it is not.</summary>
    public long AllDueMs => _allDueMs;

    /// <summary>
    /// Asks for everything: the peer has told much that was not heard, and will not tell it again by itself. Soon after the last time, it is asked for
    /// when <see cref="FlowConstants.AllAgainMs"/> have passed.
    /// </summary>
    public void WantAll(long nowMs)
    {
        if (nowMs - _allAskedMs >= FlowConstants.AllAgainMs)
        {
            BeginAll(nowMs);
            _allDueMs = nowMs;
            return;
        }

        _isAllWantedAgain = true;
        if (_allDueMs == long.MaxValue)
            _allDueMs = _allAskedMs + FlowConstants.AllAgainMs;
    }

    /// <summary>Notes that everything is asked for. That may be lost, so it is asked for some times more; the peer counts them as one.</summary>
    public void NoteAllAsked(long nowMs)
    {
        if (_isAllWantedAgain && nowMs - _allAskedMs >= FlowConstants.AllAgainMs)
            BeginAll(nowMs);
        if (_allTimes < FlowConstants.AllTimesMs.Length)
            _allDueMs = nowMs + FlowConstants.AllTimesMs[_allTimes++];
        else
            _allDueMs = _isAllWantedAgain ? _allAskedMs + FlowConstants.AllAgainMs : long.MaxValue;
    }

    /// <summary>Cells that differed when they were compared last.</summary>
    public int Differing { get; private set; }

    /// <summary>Compares a digest.</summary>
    /// <param name="theirs">The peer's sums of this lane's cells, by group.</param>
    /// <param name="ours">Our sums.</param>
    /// <param name="owner">The peer's place in them.</param>
    public void CompareGroups(ReadOnlySpan<ulong> theirs, IPeerSums ours, byte owner)
    {
        (_own, _held, _extra) = (0, 0, 0);
        _compared.Clear();
        ulong differing = 0;
        for (int group = 0; group < theirs.Length; group++)
        {
            ulong sum = SumOfGroup(group, ours, owner);
            (int own, int here) = (CellSum.Count(theirs[group]), CellSum.Count(sum));
            _own += own;
            _held += Math.Min(own, here);
            _extra += Math.Max(0, here - own);
            if (sum == theirs[group])
                Forget(group);
            else
                differing |= 1UL << group;
        }

        (_awaited, HasPassedOver, OwesAnswer) = (differing, false, true);
    }

    /// <summary>Compares the sum of one cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="theirs">The peer's sum.</param>
    /// <param name="ours">Ours.</param>
    public void CompareCell(int cell, ulong theirs, ulong ours)
    {
        if ((cell & (lanes - 1)) != lane)
            return;
        if (theirs == ours)
        {
            Forget(ref _differed[cell]);
            return;
        }

        // The sums of a cell come as often as any peer asks for them.
        if (_compared.Has(cell))
            return;
        _compared.Add(cell);
        if (_differed[cell] == 0)
            Differing++;
        // After the cell was told, it is given twice the time before it is told again, up to 128 digests: most likely the peer refuses it.
        byte times = _differed[cell] = (byte)(_differed[cell] == byte.MaxValue ? 128 : _differed[cell] + 1);
        int least = CellSum.Count(ours) > CellSum.Count(theirs) ? FlowConstants.DigestsOfMore : FlowConstants.DigestsBeforeTelling;
        if (times >= least && (times == least || int.IsPow2(times)))
            _wanted.Add(cell);
    }

    /// <summary>Notes that sums of single cells came, and cannot be compared.</summary>
    public void PassOver() => HasPassedOver |= _awaited != 0;

    /// <summary>Notes that the sums of a group's cells came, and are compared.</summary>
    public void NoteCompared(int firstCell) => _awaited &= ~(1UL << (firstCell / CellSum.CellsOfGroup));

    /// <summary>Notes that the answer to the last digest is sent.</summary>
    public void NoteAnswered() => (HasPassedOver, OwesAnswer) = (false, false);

    private void BeginAll(long nowMs) => (_allAskedMs, _allTimes, _isAllWantedAgain) = (nowMs, 0, false);

    private ulong SumOfGroup(int group, IPeerSums ours, byte owner)
    {
        ulong sum = 0;
        int first = group * CellSum.CellsOfGroup;
        for (int cell = first; cell < first + CellSum.CellsOfGroup; cell++)
        {
            if ((cell & (lanes - 1)) == lane)
                sum += ours.Peer(owner, cell);
        }

        return sum;
    }

    private void Forget(int group)
    {
        foreach (ref byte times in _differed.AsSpan(group * CellSum.CellsOfGroup, CellSum.CellsOfGroup))
            Forget(ref times);
    }

    private void Forget(ref byte times)
    {
        if (times > 0)
            Differing--;
        times = 0;
    }
}
