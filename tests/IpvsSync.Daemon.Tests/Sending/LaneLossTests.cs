using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>What a lane says of its losses: the records of lost messages, or a window of time where the history does not reach back.</summary>
public sealed class LaneLossTests
{
    private const int ThreeEntries = 8 + (3 * 36);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[64];
    private readonly uint[] _places = new uint[1 << 16];
    private readonly LaneQueue _queue;
    private readonly Lanes _lanes;
    private int _port;

    public LaneLossTests() => (_queue, _lanes) = Lane();

    [Fact]
    public void TakeLosses_NothingLost_IsNothing()
    {
        Append(_queue, 1, 2, 3, 4);
        TakeAndReturn(_queue);
        LaneLosses losses = _lanes.TakeLosses();
        Assert.False(losses.HasWindows);
        Assert.Empty(Records(losses));
    }

    [Fact]
    public void Return_BatchLost_NamesTheRecordsOfThatBatchOnly()
    {
        Append(_queue, 1, 2, 3);
        TakeAndReturn(_queue);
        Append(_queue, 4, 5, 6, 7);
        TakeAndReturn(_queue, areLost: true);
        Append(_queue, 8);
        TakeAndReturn(_queue);

        LaneLosses losses = _lanes.TakeLosses();
        Assert.Equal([4, 5, 6, 7], Records(losses));
        Assert.False(losses.HasWindows);
        Assert.Empty(Records(_lanes.TakeLosses()));
    }

    [Fact]
    public void Append_FullQueue_NamesTheRecordsOfTheDroppedMessage()
    {
        (LaneQueue queue, Lanes lanes) = Lane(limit: 1);
        Append(queue, 1, 2, 3, 4, 5, 6, 7);
        Assert.Equal([4, 5, 6], Records(lanes.TakeLosses()));
    }

    [Fact]
    public void TakeLosses_SentTime_IsThatOfTheLastLostMessage()
    {
        Append(_queue, 1);
        _time.Advance(TimeSpan.FromMilliseconds(700));
        long sent = _time.Milliseconds();
        TakeAndReturn(_queue, areLost: true);
        _time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(1, _lanes.TakeLosses().Records.Read(new int[8], out long sentMs));
        Assert.Equal(sent, sentMs);
    }

    [Fact]
    public void Append_EntryReplacedWhileItWaits_IsFoundOnce()
    {
        Append(_queue, 1, 2);
        Assert.Equal(Refusal.None, Append(_queue, Entries.Tcp(_port, state: 4), 2));
        TakeAndReturn(_queue, areLost: true);
        Assert.Equal([1, 2], Records(_lanes.TakeLosses()));
    }

    [Fact]
    public void Append_RecordOfAnotherConnection_IsAnEntryOfItsOwn()
    {
        Append(_queue, 1, 2);
        Assert.Equal(Refusal.None, Append(_queue, Entries.Tcp(60_000, state: 4), 2));
        Assert.Equal(Refusal.None, Append(_queue, Entries.Tcp(_port, state: 4), 9));
        TakeAndReturn(_queue, areLost: true);
        Assert.Equal([1, 2, 2, 9], Records(_lanes.TakeLosses()));
    }

    [Fact]
    public void Lose_SinceATime_NamesWhatWasBegunSinceAndHasLeft()
    {
        Append(_queue, 1, 2, 3);
        TakeAndReturn(_queue);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        long since = _time.Milliseconds();
        Append(_queue, 4, 5, 6, 7);
        TakeAndReturn(_queue);
        Append(_queue, 8);
        _queue.Lose(since);

        LaneLosses losses = _lanes.TakeLosses();
        Assert.Equal([4, 5, 6, 7], Records(losses));
        Assert.False(losses.HasWindows);
    }

    /// <summary>Threads read the clock before they come to the lane, so a later message may be begun with an earlier time.</summary>
    [Fact]
    public void Lose_LastMessageBegunWithAnEarlierTime_NamesTheOneBeforeItToo()
    {
        long since = _time.Milliseconds();
        Append(_queue, 1, 2, 3);
        TakeAndReturn(_queue);
        Assert.Equal(Refusal.None, _queue.Append(Entries.Tcp(++_port), default, isUrgent: true, since - 1, 4, ref _places[4]));
        TakeAndReturn(_queue);
        _queue.Lose(since);
        Assert.Equal([1, 2, 3, 4], Records(_lanes.TakeLosses()));
    }

    [Fact]
    public void Lose_SinceAfterTheLastMessage_IsNothing()
    {
        Append(_queue, 1, 2, 3);
        TakeAndReturn(_queue);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        _queue.Lose(_time.Milliseconds());
        LaneLosses losses = _lanes.TakeLosses();
        Assert.Empty(Records(losses));
        Assert.False(losses.HasWindows);
    }

    [Fact]
    public void Lose_BeyondTheHistory_IsAWindowOfTime()
    {
        (LaneQueue queue, Lanes lanes) = Lane(history: 64); // four messages
        long since = _time.Milliseconds();
        for (int record = 1; record <= 30; record++)
        {
            Append(queue, record);
            TakeAndReturn(queue);
        }

        queue.Lose(since);
        LaneLosses losses = lanes.TakeLosses();
        Assert.True(losses.HasWindows);
        Assert.Empty(Records(losses));
    }

    [Fact]
    public void Read_RecordsOverrunMeanwhile_AreAWindowOfTheNextLook()
    {
        (LaneQueue queue, Lanes lanes) = Lane(history: 16);
        Append(queue, 1, 2, 3);
        TakeAndReturn(queue, areLost: true);
        LaneLosses losses = lanes.TakeLosses();
        Append(queue, [.. Enumerable.Range(4, 16)]);

        Assert.Empty(Records(losses));
        Assert.True(lanes.TakeLosses().HasWindows);
    }

    /// <summary>An entry may have been decided on a moment before its message was begun.</summary>
    [Fact]
    public void TakeLosses_MoreThanAreKeptApart_WindowIncludesWhatWasDecidedEarlier()
    {
        for (int loss = 1; loss <= FlowConstants.MaxLosses; loss++)
        {
            Append(_queue, loss);
            TakeAndReturn(_queue, areLost: true);
            Append(_queue, 20_000 + loss);
            TakeAndReturn(_queue);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        long decidedMs = _time.Milliseconds() - 1;
        Append(_queue, 30_000);
        TakeAndReturn(_queue, areLost: true);

        LaneLosses losses = _lanes.TakeLosses();
        Assert.True(losses.HasWindows);
        Assert.True(losses.MayInclude(Entries.Tcp(_port).Key, new SentState { IsSent = true, SentMs = decidedMs }));
        Assert.False(losses.MayInclude(Entries.Tcp(_port).Key, new SentState { IsSent = true, SentMs = decidedMs - 4000 }));
    }

    /// <summary>What waited for long came before other messages had left.</summary>
    [Fact]
    public void LoseSent_MessagesThatWaited_IsWhenTheirEntriesCame()
    {
        Append(_queue, 1, 2, 3, 4);
        long cameMs = _time.Milliseconds();
        _time.Advance(TimeSpan.FromSeconds(5));
        Append(_queue, 5, 6, 7);
        _time.Advance(TimeSpan.FromSeconds(5));
        long sentMs = _time.Milliseconds();
        _queue.TakeDue(_taken.AsSpan(0, 1), out _);
        _time.Advance(TimeSpan.FromSeconds(5));
        TakeAndReturn(_queue);
        _queue.LoseSent(sentMs);

        LaneLosses losses = _lanes.TakeLosses();
        Assert.True(losses.MayInclude(Entries.Tcp(1).Key, new SentState { IsSent = true, SentMs = cameMs }));
        Assert.False(losses.MayInclude(Entries.Tcp(1).Key, new SentState { IsSent = true, SentMs = cameMs + 5000 }));
    }

    /// <summary>The ring of messages is shorter than the time for which messages can be asked for.</summary>
    [Fact]
    public void LoseSent_LongAgo_IsEverything()
    {
        (LaneQueue queue, Lanes lanes) = Lane(history: FlowConstants.EntriesPerMessageKept);
        long sentMs = _time.Milliseconds();
        for (int message = 0; message < 3; message++)
        {
            Append(queue, 1);
            TakeAndReturn(queue);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        queue.LoseSent(sentMs);
        Assert.True(lanes.TakeLosses().MayInclude(Entries.Tcp(1).Key, new SentState { IsSent = true, SentMs = sentMs - 100_000 }));
    }

    [Fact]
    public void LoseUnseen_IsAWindowOfTime()
    {
        Append(_queue, 1);
        TakeAndReturn(_queue);
        _queue.LoseUnseen(0);
        LaneLosses losses = _lanes.TakeLosses();
        Assert.True(losses.HasWindows);
        Assert.Empty(Records(losses));
    }

    [Fact]
    public void Read_LossesOfSeveralLanes_AreAllRead()
    {
        LaneQueue[] queues = [.. Enumerable.Range(0, 4).Select(_ => Lane().Queue)];
        var lanes = new Lanes(queues);
        for (int lane = 0; lane < 4; lane++)
        {
            Append(queues[lane], [.. Enumerable.Range((lane * 100) + 1, 10)]);
            TakeAndReturn(queues[lane], areLost: lane != 2);
        }

        Assert.Equal([.. Enumerable.Range(1, 10), .. Enumerable.Range(101, 10), .. Enumerable.Range(301, 10)], Records(lanes.TakeLosses()));
    }

    private static List<int> Records(LaneLosses losses)
    {
        List<int> records = [];
        int[] some = new int[3];
        for (int count; (count = losses.Records.Read(some, out _)) > 0;)
            records.AddRange(some[..count]);
        return records;
    }

    private Refusal Append(LaneQueue queue, in ConnectionEntry entry, int record)
        => queue.Append(entry, default, isUrgent: true, queue.NowMs, record, ref _places[record]);

    private void Append(LaneQueue queue, params int[] records)
    {
        foreach (int record in records)
            Assert.Equal(Refusal.None, Append(queue, Entries.Tcp(++_port), record));
    }

    private void TakeAndReturn(LaneQueue queue, bool areLost = false)
    {
        int count = queue.TakeDue(_taken, out _);
        Assert.NotEqual(0, count);
        queue.Return(_taken.AsSpan(0, count), areLost);
    }

    private (LaneQueue Queue, Lanes Lanes) Lane(int limit = 100, int history = 1 << 10)
    {
        var options = new LaneQueueOptions(SyncVersion.V1, 5, ThreeEntries, limit, FlushIntervalMs: 0, History: history);
        var queue = new LaneQueue(options, _counters, _time);
        return (queue, new Lanes([queue]));
    }
}
