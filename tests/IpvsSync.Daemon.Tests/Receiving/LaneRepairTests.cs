using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>What two directors make of each lost message; time and losses are the test's.</summary>
public sealed class LaneRepairTests : IDisposable
{
    private readonly ExtensionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Loss_OfAMessage_IsToldAgainAfterTenMilliseconds()
    {
        OpenAndLose(1, 2, 3);
        _bed.A.Open(4);
        _bed.Pump();
        Assert.Equal(1, _bed.B.Table.Count);
        _bed.Pass(FlowConstants.NackAfterMs - 1);
        Assert.Equal(1, _bed.B.Table.Count);
        _bed.Pass(1);
        Assert.Equal(4, _bed.B.Table.Count);
        Assert.Equal(1, _bed.B.Sent.Count(kind => kind == ControlKind.Nack));
        Assert.Equal((3L, 3L, 0L), (_bed.Counts.Lost, _bed.Counts.Repaired, _bed.Counts.Missing));
    }

    [Fact]
    public void Loss_OfTheLastMessage_IsFoundByTheBeat()
    {
        OpenAndLose(1);
        _bed.Pass(20 + FlowConstants.NackAfterMs);
        Assert.Equal(1, _bed.B.Table.Count);
    }

    [Theory]
    [InlineData(ControlKind.Nack)]
    [InlineData(ControlKind.Repaired)]
    public void Loss_OfTheAnswersThemselves_IsMadeGood(ControlKind lost)
    {
        int losses = 3;
        _bed.A.Loses = _bed.B.Loses = kind => kind == lost && losses-- > 0;
        Func<ControlKind?, bool> loses = _bed.A.Loses;
        OpenAndLose(1, 2, 3);
        _bed.A.Loses = loses;
        _bed.A.Open(4);
        _bed.Pass(1000);
        Assert.Equal(4, _bed.B.Table.Count);
        Assert.Equal(0, _bed.B.Extensions.Windows.Snapshots.Single().Open);
        Assert.True(losses <= 0);
    }

    [Fact]
    public void Loss_OfRepairToo_IsMadeGoodAndEachRecordIsToldOnce()
    {
        OpenAndLose(1, 2, 3);
        int losses = 2;
        _bed.A.Loses = kind => kind is null && losses-- > 0;
        _bed.Pass(300);
        Assert.Equal(3, _bed.B.Table.Count);
        // Three lost messages of one entry each, and one message that tells all three, three times.
        Assert.Equal(3 + 3, _bed.A.Sent.Count(kind => kind is null));
        Assert.Equal(9, _bed.A.Extensions.Repair.Entries);
    }

    [Fact]
    public void Repair_ConnectionHasChangedSince_TellsItsPresentState()
    {
        OpenAndLose(1);
        _bed.A.Table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_FIN_WAIT, 120), Origin.Local);
        _bed.A.Loses = _ => true;
        _bed.Pump();
        _bed.A.Loses = _ => false;
        _bed.Pass(100);
        AssertState(ConnectionState.IP_VS_TCP_S_FIN_WAIT);
        Assert.Equal(1, _bed.A.Extensions.Repair.Entries);
    }

    [Fact]
    public void Repair_ManyAreLost_LiveNewsWaitsForOneMessageOnly()
    {
        OpenAndLose([.. Enumerable.Range(0, 300)]);
        _bed.B.Loses = kind => kind == ControlKind.Nack;
        _bed.A.Open(1000);
        _bed.Pass(FlowConstants.NackAfterMs);
        int before = _bed.A.Sent.Count;
        _bed.A.Extensions.Requests.TryAdd(new NumberRange(1, 300));
        for (int i = 0; i < 20; i++)
        {
            _bed.A.Table.Apply(Entries.Tcp(2000 + i), Origin.Local);
            _bed.A.Step();
        }

        while (_bed.B.Step())
            continue;
        Assert.InRange(_bed.A.Sent.Count - before, 20, 40);
        Assert.True(_bed.B.Table.TryGet(Entries.Tcp(2019).Key, out _));
    }

    [Fact]
    public void Repair_RecordsAreOverrun_IsLeftToTheWindowOfTime()
    {
        using var bed = new ExtensionBed(history: 16);
        bed.A.Loses = kind => kind is null;
        bed.A.Open(Enumerable.Range(0, 50));
        bed.A.Loses = _ => false;
        bed.Pass(100);
        Assert.InRange(bed.B.Table.Count, 1, 49);
        bed.A.Table.Sweep();
        bed.Pass(FlowConstants.DeferredMs);
        Assert.Equal(50, bed.B.Table.Count);
        Assert.Equal(0, bed.Counts.Missing);
    }

    [Fact]
    public void Repair_NumbersOutOfTheRing_AreNamedAndMissing()
    {
        _bed.A.Loses = kind => kind is null;
        _bed.A.Open(Enumerable.Range(0, 2));
        for (int i = 0; i < NumberWindow.Size; i++)
            _bed.A.Extensions.Numbers.Note([], _bed.NowMs);
        _bed.A.Loses = _ => false;
        _bed.Pass(FlowConstants.NackAfterMs);
        _bed.A.Extensions.Requests.TryAdd(new NumberRange(1, 2));
        _bed.Pump();
        Assert.Equal(2, _bed.A.Extensions.Repair.Gone);
        Assert.Contains((ControlKind?)ControlKind.Repaired, _bed.A.Sent);
    }

    [Fact]
    public void Nack_OfNumbersNeverGiven_IsIgnored()
    {
        _bed.A.Open(1);
        _bed.Pump();
        int sent = _bed.A.Sent.Count;
        for (int i = 0; i < FlowConstants.MaxRepairRanges; i++)
            _bed.A.Extensions.Requests.TryAdd(new NumberRange(100, ushort.MaxValue));
        _bed.Pump();
        Assert.Equal(sent, _bed.A.Sent.Count);
        Assert.False(_bed.A.Extensions.Repair.HasWork);
    }

    [Fact]
    public void Nack_SameNumbersForEver_TellsNoRecordTwice()
    {
        OpenAndLose(1, 2, 3);
        _bed.Pass(FlowConstants.NackAfterMs);
        for (int i = 0; i < 50; i++)
        {
            _bed.A.Extensions.Requests.TryAdd(new NumberRange(1, 3));
            _bed.Pump();
        }

        Assert.Equal(3, _bed.A.Extensions.Repair.Entries);
    }

    [Fact]
    public void Nack_OfAMessageThatHasJustLeft_IsIgnored()
    {
        _bed.A.Open(1);
        _bed.A.Extensions.Requests.TryAdd(new NumberRange(1, 1));
        _bed.Pump();
        Assert.Equal(0, _bed.A.Extensions.Repair.Entries);
        Assert.DoesNotContain((ControlKind?)ControlKind.Repaired, _bed.A.Sent);
    }

    [Fact]
    public void Message_OfOurOwnComesBack_IsDropped()
    {
        _bed.A.Open(1);
        _bed.A.Put(_bed.A.LastSent);
        _bed.Pump();
        Assert.Equal(1, _bed.A.Extensions.Inbox.Own);
        Assert.True(_bed.A.Table.TryGet(Entries.Tcp(1).Key, out ConnectionRecord record));
        Assert.Equal(Origin.Local, record.Origin);
    }

    [Fact]
    public void Message_ComesTwice_IsNotReadAgain()
    {
        _bed.A.Open(1);
        byte[] message = _bed.A.LastSent;
        _bed.Pump();
        _bed.A.Table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_FIN_WAIT, 120), Origin.Local);
        _bed.Pump();
        _bed.B.Put(message);
        _bed.Pump();
        AssertState(ConnectionState.IP_VS_TCP_S_FIN_WAIT);
        Assert.Equal(1, _bed.Counts.Duplicates);
    }

    [Fact]
    public void Message_InSequenceWithAnEarlierState_IsANewLifeAtOnce()
    {
        _bed.A.Open(1);
        _bed.A.Table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_CLOSE, 10), Origin.Local);
        _bed.Pump();
        _bed.A.Table.Apply(Entries.Tcp(1), Origin.Local);
        _bed.Pump();
        AssertState(ConnectionState.IP_VS_TCP_S_ESTABLISHED);
    }

    [Fact]
    public void Message_ThatFillsAHole_MovesNothingBack()
    {
        _bed.A.Loses = _ => true;
        _bed.A.Open(1);
        byte[] late = _bed.A.LastSent;
        _bed.A.Loses = _ => false;
        _bed.A.Table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_CLOSE, 10), Origin.Local);
        _bed.Pump();
        _bed.B.Put(late);
        _bed.Pump();
        AssertState(ConnectionState.IP_VS_TCP_S_CLOSE);
        Assert.Equal(1, _bed.Counts.Late);
    }

    [Fact]
    public void Beats_IdleLane_LeaveAfter20And100And500AndThenEachSecond()
    {
        _bed.A.Open(1);
        _bed.Pump();
        List<int> beats = [];
        for (int ms = 1; ms <= 3600; ms++)
        {
            int before = _bed.A.Sent.Count(kind => kind == ControlKind.Beat);
            _bed.Pass(1);
            if (_bed.A.Sent.Count(kind => kind == ControlKind.Beat) > before)
                beats.Add(ms);
        }

        Assert.Equal([20, 100, 500, 1500, 2500, 3500], beats);
    }

    [Fact]
    public void Repair_MessagesTooLargeForALink_AreToldInSmallerOnes()
    {
        using var bed = new ExtensionBed(messageSize: 8972 - FlowConstants.TrailerRoom);
        bed.A.LosesLargerThan = 1472;
        foreach (int number in Enumerable.Range(0, 200))
            bed.A.Table.Apply(Entries.Tcp(number), Origin.Local);
        bed.Pass(200);
        Assert.Equal(200, bed.B.Table.Count);
        Assert.True(bed.Counts.Lost > 0);
    }

    [Fact]
    public void Message_OfTheLargestSize_LeavesRoomForTheLongestTrailer()
    {
        using var bed = new ExtensionBed(messageSize: 1472 - FlowConstants.TrailerRoom);
        foreach (int number in Enumerable.Range(0, 40))
            bed.A.Table.Apply(Entries.Tcp(number), Origin.Local);
        bed.A.Step();
        Assert.Equal(8 + (40 * 36) + Trailer.UnsignedLength, bed.A.LastSent.Length);
        var reader = new MessageReader(bed.A.LastSent, default);
        int count = 0;
        while (reader.Read(out _))
            count++;
        Assert.Equal(40, count);
    }

    /// <summary>B has connection 1 in this state.</summary>
    private void AssertState(ushort state)
    {
        Assert.True(_bed.B.Table.TryGet(Entries.Tcp(1).Key, out ConnectionRecord record));
        Assert.Equal(state, record.Entry.State);
    }

    private void OpenAndLose(params int[] numbers)
    {
        _bed.A.Loses = kind => kind is null;
        _bed.A.Open(numbers);
        _bed.A.Loses = _ => false;
    }
}
