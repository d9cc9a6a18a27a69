using IpvsSync.Daemon.Peers;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>Which numbers have come, and which are asked for when; time is the test's.</summary>
public sealed class NumberWindowTests
{
    private const long Patience = 10;

    private readonly NumberWindow _window = new();
    private readonly NumberRange[] _ranges = new NumberRange[NumberRange.MaxRanges];
    private long _nowMs = 1000;

    [Fact]
    public void TakeDue_MayComeOnASlowerLink_IsWaitedForUntilThatHasComeAsFarOrForLong()
    {
        Span<NumberRange> ranges = stackalloc NumberRange[4];
        NumberWindow passed = WithHole(), silent = WithHole();

        Assert.Equal(0, passed.TakeDue(nowMs: 20, ranges, passed: 1));
        Assert.Equal(1, passed.TakeDue(nowMs: 40, ranges, passed: 3));
        Assert.Equal(new NumberRange(2, 1), ranges[0]);
        Assert.Equal(0, silent.TakeDue(FlowConstants.MostLagMs - 10, ranges, passed: 1));
        Assert.Equal(1, silent.TakeDue(FlowConstants.MostLagMs + 10, ranges, passed: 1));
    }

    /// <summary>Whole words of numbers that have come are passed over at once; what is told is the same.</summary>
    [Fact]
    public void Repair_RangesOverWhatHasCome_AreAsNumberByNumber()
    {
        var random = new Random(5);
        NumberWindow byRange = new(), byNumber = new();
        foreach (NumberWindow window in (NumberWindow[])[byRange, byNumber])
            window.Begin(1, isCome: true);
        for (ulong number = 1; number <= 100_000; number++)
        {
            if (number % 5000 < 3000 || random.Next(10) > 0)
            {
                byRange.Note(number, nowMs: 0, Patience);
                byNumber.Note(number, nowMs: 0, Patience);
            }

            if (number % 997 != 0)
                continue;
            var range = new NumberRange(number - (ulong)random.Next(900), (ushort)random.Next(1, 2000));
            byRange.Repair(range, isGone: number % 2 == 0, nowMs: 1);
            for (ulong one = range.First; one <= range.Last; one++)
                byNumber.Repair(new NumberRange(one, 1), isGone: number % 2 == 0, nowMs: 1);
            Assert.Equal((byNumber.OpenCount, byNumber.Counts), (byRange.OpenCount, byRange.Counts));
        }
    }

    /// <summary>A window that has 1 and 3, and misses 2 since 0 ms.</summary>
    private static NumberWindow WithHole()
    {
        NumberWindow window = new();
        window.Begin(1, isCome: true);
        window.Note(1, nowMs: 0, patienceMs: FlowConstants.NackAfterMs);
        window.Note(3, nowMs: 0, patienceMs: FlowConstants.NackAfterMs);
        return window;
    }

    [Fact]
    public void Note_InSequence_EachIsNewestAndNothingIsAskedFor()
    {
        Begin(1);
        for (ulong number = 1; number <= 100_000; number++)
            Assert.Equal(NumberVerdict.Newest, Note(number));
        Assert.Equal(0, _window.OpenCount);
        Assert.Equal(long.MaxValue, _window.DueMs);
        Assert.Equal(default, _window.Counts);
    }

    [Fact]
    public void Note_SameNumberAgain_IsDuplicate()
    {
        Begin(1);
        Note(1);
        Assert.Equal(NumberVerdict.Duplicate, Note(1));
        Assert.Equal(1, _window.Counts.Duplicates);
    }

    [Fact]
    public void Note_LeftOutNumberComesInTime_IsLateAndNotAskedFor()
    {
        Begin(1);
        Note(1, 3);
        Assert.Equal(NumberVerdict.Late, Note(2));
        _nowMs += 1000;
        Assert.Empty(TakeDue());
        Assert.Equal(1, _window.Counts.Late);
        Assert.Equal(0, _window.Counts.Lost);
    }

    [Fact]
    public void TakeDue_Hole_IsAskedForAfterPatienceAndAgainEverLater()
    {
        Begin(1);
        Note(1, 4);
        Assert.Equal(_nowMs + Patience, _window.DueMs);
        Assert.Empty(TakeDue());
        foreach (long wait in (long[])[Patience, 40, 80, 160, 320, 500, 500])
        {
            _nowMs += wait - 1;
            Assert.Empty(TakeDue());
            _nowMs++;
            Assert.Equal([new NumberRange(2, 2)], TakeDue());
        }

        Assert.Equal(2, _window.Counts.Lost);
        Assert.Equal(2, _window.OpenCount);
    }

    [Fact]
    public void TakeDue_PartOfAHoleHasCome_TheRestIsAskedFor()
    {
        Begin(1);
        Note(1, 10, 5, 7);
        _nowMs += Patience;
        Assert.Equal([new(2, 3), new(6, 1), new(8, 2)], TakeDue());
    }

    [Fact]
    public void Repair_Numbers_AreNotAskedForAndLaterCopiesAreDuplicates()
    {
        Begin(1);
        Note(1, 4);
        _nowMs += Patience;
        TakeDue();
        _nowMs += 25;
        _window.Repair(new NumberRange(2, 2), isGone: false, _nowMs);

        Assert.Equal(NumberVerdict.Duplicate, Note(2));
        Assert.Equal(0, _window.OpenCount);
        _nowMs += 10_000;
        Assert.Empty(TakeDue());
        Assert.Equal(2, _window.Counts.Repaired);
        Assert.Equal(Patience + 25, _window.Counts.LongestRepairMs);
        Assert.Equal(2 * (Patience + 25), _window.Counts.RepairMs);
    }

    [Fact]
    public void Repair_Gone_IsMissing()
    {
        Begin(1);
        Note(1, 4);
        _window.Repair(new NumberRange(2, 2), isGone: true, _nowMs);
        Assert.Equal(2, _window.Counts.Missing);
        Assert.Equal(0, _window.OpenCount);
    }

    [Fact]
    public void Repair_BeyondHighest_IsIgnored()
    {
        Begin(1);
        Note(1);
        _window.Repair(new NumberRange(2, ushort.MaxValue), isGone: false, _nowMs);
        Assert.Equal(NumberVerdict.Newest, Note(2));
    }

    [Fact]
    public void Announce_LastMessageLost_IsAskedFor()
    {
        Begin(1);
        Note(1);
        _window.Announce(2, _nowMs, Patience);
        _nowMs += Patience;
        Assert.Equal([new NumberRange(2, 1)], TakeDue());
        Assert.Equal(NumberVerdict.Late, Note(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(NumberWindow.EarlyNumbers)]
    public void Begin_EarlyNumber_WhatWasBeforeIsAskedFor(ulong number)
    {
        Begin(number);
        Note(number);
        _nowMs += Patience;
        Assert.Equal((int)number - 1, TakeDue().Sum(range => range.Count));
    }

    [Fact]
    public void Begin_LaterNumber_WhatWasBeforeIsNotAskedForButTaken()
    {
        Begin(1000);
        Note(1000);
        _nowMs += Patience;
        Assert.Empty(TakeDue());
        Assert.Equal(NumberVerdict.Late, Note(999));
        Assert.Equal(NumberVerdict.Duplicate, Note(999));
        Assert.Equal(0, _window.OpenCount);
    }

    [Fact]
    public void Note_OutOfTheWindow_IsRefusedAndItsHoleIsMissing()
    {
        Begin(1);
        Note(1, NumberWindow.Size + 2);
        Assert.Equal(NumberVerdict.OutOfWindow, Note(2));
        Assert.Equal(NumberVerdict.Late, Note(3));
        Assert.Equal(1, _window.Counts.Missing);
    }

    [Theory]
    [InlineData(NumberWindow.Size)]
    [InlineData(3UL * NumberWindow.Size)]
    [InlineData(Trailer.LargestNumber - 10)]
    public void Note_FarAhead_CountsWhatIsMissingAndAsksForTheRest(ulong leap)
    {
        Begin(1);
        Note(1);
        Assert.Equal(NumberVerdict.Newest, Note(1 + leap));
        Assert.Equal((long)leap - 1, _window.Counts.Missing + _window.OpenCount);
        Assert.Equal(NumberVerdict.Newest, Note(2 + leap));
        _nowMs += Patience;
        Assert.InRange(TakeDue().Sum(range => range.Count), 1, FlowConstants.MostAsked);
    }

    [Fact]
    public void TakeDue_MuchIsLost_AtMostSoManyAreOpenAndAskedFor()
    {
        Begin(1);
        Note(1, 20_000);
        _nowMs += Patience;
        Assert.Equal(FlowConstants.MostAsked, TakeDue().Sum(range => range.Count));
        Assert.Empty(TakeDue());
        _window.Repair(new NumberRange(2, 100), isGone: false, _nowMs);
        Assert.NotEmpty(TakeDue());
    }

    [Fact]
    public void GiveUp_OpenNumbers_AreMissing()
    {
        Begin(1);
        Note(1, 4);
        _window.GiveUp();
        Assert.Equal(2, _window.Counts.Missing);
        _nowMs += 1000;
        Assert.Empty(TakeDue());
    }

    /// <summary>Against a model that keeps every number: random loss, disorder, copies, repairs and leaps.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Window_RandomTraffic_IsAsTheModel(int seed)
    {
        var random = new Random(seed);
        var come = new HashSet<ulong>();
        var asked = new HashSet<ulong>();
        ulong highest = 0;
        Begin(1);
        for (int step = 0; step < 200_000; step++)
        {
            _nowMs += random.Next(3);
            ulong number = random.Next(10) switch
            {
                0 => highest + (ulong)random.Next(1, 50),
                1 or 2 => highest - Math.Min(highest, (ulong)random.Next(100)),
                3 when step % 1000 == 0 => highest + NumberWindow.Size - 5,
                _ => highest + 1,
            };
            if (number == 0)
                continue;
            bool isNewest = number > highest;
            highest = Math.Max(highest, number);
            ulong lowest = highest >= NumberWindow.Size ? highest - NumberWindow.Size + 1 : 1;
            NumberVerdict expected = isNewest ? NumberVerdict.Newest : number < lowest ? NumberVerdict.OutOfWindow
                : come.Contains(number) ? NumberVerdict.Duplicate : NumberVerdict.Late;
            Assert.Equal(expected, Note(number));
            come.Add(number);
            foreach (NumberRange range in TakeDue())
            {
                for (ulong hole = range.First; hole <= range.Last; hole++)
                {
                    Assert.True(hole >= lowest && hole < highest && !come.Contains(hole), $"asked for {hole} at {highest}");
                    asked.Add(hole);
                }

                if (random.Next(2) == 0)
                    continue;
                _window.Repair(range, isGone: false, _nowMs);
                for (ulong hole = range.First; hole <= range.Last; hole++)
                    come.Add(hole);
            }
        }

        ulong first = highest >= NumberWindow.Size ? highest - NumberWindow.Size + 1 : 1;
        int open = 0;
        for (ulong number = first; number <= highest; number++)
            open += come.Contains(number) ? 0 : 1;
        Assert.Equal(open, _window.OpenCount);
        Assert.Equal(asked.Count, _window.Counts.Lost);
        Assert.True(asked.Count > 1000);
    }

    private void Begin(ulong number) => _window.Begin(number, isCome: true);

    private NumberVerdict Note(params ReadOnlySpan<ulong> numbers)
    {
        NumberVerdict verdict = default;
        foreach (ulong number in numbers)
            verdict = _window.Note(number, _nowMs, Patience);
        return verdict;
    }

    private NumberRange[] TakeDue() => _ranges[.._window.TakeDue(_nowMs, _ranges)];
}
