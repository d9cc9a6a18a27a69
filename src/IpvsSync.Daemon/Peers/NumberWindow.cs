using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// Which messages of one instance have come on one lane, and which are to be asked for (docs/protocol.md, "Numbers"). It looks back over
/// <see cref="Size"/> numbers. For one thread at a time; allocates nothing but what <see cref="HoleQueue"/> does: 14 kB, and at most
/// 1.2 MB while holes are open.
/// </summary>
/// <remarks>
/// <code>
///   before: never asked for | out of window: missing | window: one bit a number        | highest | not sent yet
/// </code>
/// A hole is asked for when it is <see cref="FlowConstants.NackAfterMs"/> old, and again after 40, 80, 160, 320 and each further 500 ms,
/// until its numbers have come, were repaired, or are out of the window.
/// </remarks>
internal sealed class NumberWindow
{
    /// <summary>Numbers in the window.</summary>
    public const int Size = 1 << 15;

    /// <summary>
    /// An instance whose first message has a number up to this is new: what it sent before is asked for. A later number is that of an instance
    /// which has told much before; a resync learns that.
    /// </summary>
    public const ulong EarlyNumbers = 64;

    private const int Bits = 64;

    // The first wait is that for messages that overtook each other; see NackAfterMs.
    private static readonly long[] s_retryMs = [40, 80, 160, 320, 500];

    private readonly ulong[] _come = new ulong[Size / Bits];
    private readonly ulong[] _asked = new ulong[Size / Bits];
    private readonly long[] _openSinceMs = new long[Size / Bits];
    private readonly HoleQueue[] _holes = [.. Enumerable.Range(0, s_retryMs.Length + 1).Select(_ => new HoleQueue())];
    private ulong _before;
    private int _open;
    private int _askedOpen;

    /// <summary>The highest number that came or was announced.</summary>
    public ulong Highest { get; private set; }

    /// <summary>What became of the numbers until now.</summary>
    public WindowCounts Counts;

    /// <summary>Numbers up to here are too old, though what they carried may be asked for.</summary>
    public ulong Floor { get; set; }

    /// <summary>The number before the first that was heard.</summary>
    public ulong Before => _before;

    /// <summary>Numbers of the window that have not come and may still come.</summary>
    public int OpenCount => _open;

    /// <summary>Begins with the first number that is heard of an instance.</summary>
    /// <param name="number">The number of its message, or the highest that it announces.</param>
    /// <param name="isCome">Whether it is a message's.</param>
    /// <returns>False if the instance has told much before, which is not asked for.</returns>
    public bool Begin(ulong number, bool isCome)
    {
        _before = number <= EarlyNumbers ? 0 : isCome ? number - 1 : number;
        Highest = _before;
        return _before == 0;
    }

    /// <summary>Begins with a number whose message has come; what was before it is nobody's.</summary>
    public void BeginAt(ulong number) => Highest = _before = Floor = number;

    /// <summary>Notes the number of a message that came.</summary>
    /// <param name="number">The number.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="patienceMs">Milliseconds until what was left out is asked for.</param>
    /// <param name="isCopied">Whether each message comes more than once, so that a copy is not counted.</param>
    public NumberVerdict Note(ulong number, long nowMs, long patienceMs, bool isCopied = false)
    {
        if (number > Highest)
        {
            Advance(number, nowMs, patienceMs, isCome: true);
            return NumberVerdict.Newest;
        }

        if (!IsInside(number) || number <= Floor)
        {
            Counts.OutOfWindow++;
            return NumberVerdict.OutOfWindow;
        }

        if (Has(_come, number))
        {
            Counts.Duplicates += isCopied ? 0 : 1;
            return NumberVerdict.Duplicate;
        }

        Counts.Late++;
        Close(number, nowMs);
        return NumberVerdict.Late;
    }

    /// <summary>Notes that the instance has sent messages up to a number, on this lane.</summary>
    public void Announce(ulong highest, long nowMs, long patienceMs)
    {
        if (highest > Highest)
            Advance(highest, nowMs, patienceMs, isCome: false);
    }

    /// <summary>Notes that what messages carried was told again, or cannot be told any more.</summary>
    /// <param name="range">Their numbers.</param>
    /// <param name="isGone">Whether it cannot be told any more.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Repair(NumberRange range, bool isGone, long nowMs)
    {
        ulong last = Math.Min(range.Last, Highest);
        for (ulong number = Math.Max(range.First, Lowest); number <= last; number++)
        {
            // A range of a whole window costs its words, not its numbers: a datagram has room for many.
            if (_come[Word(number)] == ulong.MaxValue)
            {
                number |= Bits - 1;
                continue;
            }

            if (Has(_come, number))
                continue;
            bool isOurs = number > _before;
            Close(number, nowMs);
            if (!isOurs)
                continue;
            if (isGone)
                Counts.Missing++;
            else
                Counts.Repaired++;
        }
    }

    /// <summary>When the next hole is to be asked for, on the table's clock; <see cref="long.MaxValue"/> if there is none.</summary>
    public long DueMs
    {
        get
        {
            long dueMs = _askedOpen < FlowConstants.MostAsked && _holes[0].Count > 0 ? _holes[0].Oldest.DueMs : long.MaxValue;
            for (int round = 1; round < _holes.Length; round++)
            {
                if (_holes[round].Count > 0)
                    dueMs = Math.Min(dueMs, _holes[round].Oldest.DueMs);
            }

            return dueMs;
        }
    }

    /// <summary>
    /// Takes the numbers that are to be asked for now. At most <see cref="FlowConstants.MostAsked"/> are asked for and open at any time, so that
    /// what is told again does not fill the socket.
    /// </summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="ranges">Takes them.</param>
    /// <param name="passed">
    /// The number up to which every link has come: what is above may still come on the slowest, and is waited for <see cref="FlowConstants.MostLagMs"/> at most.
    /// </param>
    /// <returns>How many ranges there are.</returns>
    public int TakeDue(long nowMs, Span<NumberRange> ranges, ulong passed = ulong.MaxValue)
    {
        int count = 0;
        for (int round = _holes.Length - 1; round >= 0; round--)
        {
            HoleQueue holes = _holes[round];
            while (holes.Count > 0 && holes.Oldest.DueMs <= nowMs && count < ranges.Length && (round > 0 || _askedOpen < FlowConstants.MostAsked))
            {
                if (round == 0 && MayStillCome(holes.Oldest.First, passed, nowMs))
                {
                    Hole hole = holes.Oldest;
                    holes.Remove();
                    holes.Add(hole with { DueMs = nowMs + FlowConstants.NackAfterMs });
                    continue;
                }

                if (TakeRun(ref holes.Oldest, out NumberRange run))
                {
                    ranges[count++] = run;
                    int next = Math.Min(round + 1, s_retryMs.Length);
                    _holes[next].Add(new Hole(run.First, run.Count, nowMs + s_retryMs[next - 1]));
                }

                if (holes.Oldest.Count == 0)
                    holes.Remove();
            }
        }

        return count;
    }

    private bool MayStillCome(ulong number, ulong passed, long nowMs) => number > passed && nowMs - _openSinceMs[Word(number)] < FlowConstants.MostLagMs;

    /// <summary>Counts what is open as missing: the instance is gone.</summary>
    public void GiveUp()
    {
        Counts.Missing += _open;
        (_open, _askedOpen) = (0, 0);
        foreach (HoleQueue holes in _holes)
            holes.Clear();
    }

    private ulong Lowest => Math.Max(1, Highest >= Size ? Highest - Size + 1 : 1);

    private bool IsInside(ulong number) => number >= Lowest;

    /// <summary>Takes the first run of open numbers from the front of a hole, which then begins behind it.</summary>
    private bool TakeRun(ref Hole hole, out NumberRange run)
    {
        ulong end = hole.First + (ulong)hole.Count;
        ulong first = Math.Max(hole.First, Math.Max(Lowest, _before + 1));
        while (first < end && Has(_come, first))
            first++;
        ulong behind = first;
        while (behind < end && behind - first < FlowConstants.MostAsked && !Has(_come, behind))
            Ask(behind++);
        hole = hole with { First = behind, Count = (int)(end > behind ? end - behind : 0) };
        run = new NumberRange(first, (ushort)(behind - first));
        return behind > first;
    }

    private void Ask(ulong number)
    {
        if (Has(_asked, number))
            return;
        Set(_asked, number);
        _askedOpen++;
        Counts.Lost++;
    }

    /// <summary>Moves the window on to <paramref name="number"/>. All numbers between are open from now on.</summary>
    private void Advance(ulong number, long nowMs, long patienceMs, bool isCome)
    {
        ulong left = number - Highest;
        if (left >= Size)
            Skip(number, (long)(left - Size));
        ulong first = Highest + 1;
        for (ulong next = first; next <= number; next++)
            Enter(next);
        Highest = number;
        ulong open = number - first + (isCome ? 0UL : 1UL);
        if (isCome)
            Close(number, nowMs);
        if (open > 0)
            Open(first, (int)open, nowMs, patienceMs);
    }

    private void Open(ulong first, int count, long nowMs, long patienceMs)
    {
        int last = Word(first + (ulong)count - 1);
        for (int word = Word(first); ; word = (word + 1) % _openSinceMs.Length)
        {
            _openSinceMs[word] = nowMs;
            if (word == last)
                break;
        }

        _holes[0].Add(new Hole(first, count, nowMs + patienceMs));
    }

    /// <summary>Moves the window on so far that nothing of it is left but what the next <see cref="Size"/> numbers push out.</summary>
    /// <param name="number">Where it will end.</param>
    /// <param name="skipped">Numbers that were never in it.</param>
    private void Skip(ulong number, long skipped)
    {
        GiveUp();
        Counts.Missing += skipped;
        Array.Fill(_come, ulong.MaxValue);
        Array.Clear(_asked);
        Highest = number - Size;
        _before = Math.Max(_before, Highest);
    }

    /// <summary>Makes place for a number in that of the one that leaves the window.</summary>
    private void Enter(ulong number)
    {
        if (number > Size && number - Size > _before && !Has(_come, number))
        {
            _open--;
            Counts.Missing++;
            if (Has(_asked, number))
                _askedOpen--;
        }

        Clear(_come, number);
        Clear(_asked, number);
        _open++;
    }

    private void Close(ulong number, long nowMs)
    {
        Set(_come, number);
        if (number <= _before)
            return;
        _open--;
        if (!Has(_asked, number))
            return;
        Clear(_asked, number);
        _askedOpen--;
        Counts.NoteRepair(nowMs - _openSinceMs[Word(number)]);
    }

    private static int Word(ulong number) => (int)(number % Size / Bits);

    private static bool Has(ulong[] bits, ulong number) => (bits[Word(number)] >> (int)(number % Bits) & 1) != 0;

    private static void Set(ulong[] bits, ulong number) => bits[Word(number)] |= 1UL << (int)(number % Bits);

    private static void Clear(ulong[] bits, ulong number) => bits[Word(number)] &= ~(1UL << (int)(number % Bits));
}
