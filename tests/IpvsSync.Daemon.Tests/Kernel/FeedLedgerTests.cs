using IpvsSync.Daemon.Kernel;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class FeedLedgerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FeedLedger _ledger;

    public FeedLedgerTests() => _ledger = new FeedLedger(_time);

    [Fact]
    public void Confirm_AsOftenAsTold_IsKnownThatOften()
    {
        Note(1, 1, 2);
        Assert.Equal([true, true, true, false], Confirm(1, 2, 1, 1));
        Assert.Equal((3, 1), (_ledger.Confirmed, _ledger.Missed));
    }

    [Fact]
    public void Confirm_NeverTold_IsMissed()
    {
        Assert.Equal([false], Confirm(1));
        Assert.Equal((0, 1), (_ledger.Confirmed, _ledger.Missed));
    }

    [Fact]
    public void Confirm_MasterThatIsLate_StillKnows()
    {
        Note(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([true], Confirm(1));
    }

    [Fact]
    public void Confirm_ReaderIsBehindAndComes_IsConfirmedThen()
    {
        Assert.False(_ledger.Confirm(Entries.Tcp(1).Key, isSettled: false));
        Assert.False(_ledger.Confirm(Entries.Tcp(1).Key, isSettled: false));
        Assert.Equal((0, 0), (_ledger.Confirmed, _ledger.Missed));
        Note(1, 1);
        _time.Advance(TimeSpan.FromMilliseconds(FeedLedger.LifeMs + 1));
        _ledger.JudgeClaims();
        Assert.Equal((2, 0), (_ledger.Confirmed, _ledger.Missed));

        // Nothing is left of it.
        Note(1);
        Assert.Equal([true, false], Confirm(1, 1));
        Assert.Equal((3, 1), (_ledger.Confirmed, _ledger.Missed));
    }

    [Fact]
    public void Confirm_ReaderIsBehindAndTheRecordNeverComes_IsMissed()
    {
        Assert.False(_ledger.Confirm(Entries.Tcp(1).Key, isSettled: false));
        Assert.False(_ledger.Confirm(Entries.Tcp(1).Key, isSettled: false));
        Note(1);
        _time.Advance(TimeSpan.FromMilliseconds(FeedLedger.LifeMs));
        _ledger.JudgeClaims();
        Assert.Equal((1, 0), (_ledger.Confirmed, _ledger.Missed));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _ledger.JudgeClaims();
        Assert.Equal((1, 1), (_ledger.Confirmed, _ledger.Missed));
    }

    /// <summary>A record that the master loses must not hide one that the ring misses later.</summary>
    [Fact]
    public void Confirm_WhatTheMasterHasLost_IsForgotten()
    {
        Note(1);
        _time.Advance(TimeSpan.FromMilliseconds(FeedLedger.LifeMs + 1));
        Assert.Equal([false], Confirm(1));
        Assert.Equal(1, _ledger.Missed);
        Note(1);
        Assert.Equal([true, false], Confirm(1, 1));
    }

    [Fact]
    public void Confirm_ManyOutstanding_KnowsThemAll()
    {
        int[] all = [.. Enumerable.Range(0, 5_000)];
        Note(all);
        Assert.All(Confirm(all), Assert.True);
        Assert.Equal(0, _ledger.Missed);
    }

    /// <summary>With more than there is room for, what is not known any more is taken from the master, and is no reason for an alarm.</summary>
    [Fact]
    public void Confirm_MoreThanThereIsRoomFor_CountsNoneAsMissed()
    {
        int[] all = [.. Enumerable.Range(0, 300_000)];
        Note(all);
        Assert.Contains(false, Confirm(all));
        Assert.Contains(false, all.Select(number => _ledger.Confirm(Entries.Tcp(number).Key, isSettled: false)));
        _time.Advance(TimeSpan.FromMilliseconds(FeedLedger.LifeMs + 1));
        _ledger.JudgeClaims();
        Assert.Equal(0, _ledger.Missed);
    }

    [Fact]
    public void NoteAndConfirm_AfterWarmUp_AllocateNothing()
    {
        ConnectionKey key = Entries.Tcp(1).Key;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _ledger.Note(key);
                _ledger.Confirm(key);
            }
        }));
    }

    private void Note(params int[] numbers)
    {
        foreach (int number in numbers)
            _ledger.Note(Entries.Tcp(number).Key);
    }

    private bool[] Confirm(params int[] numbers) => [.. numbers.Select(number => _ledger.Confirm(Entries.Tcp(number).Key))];
}
