using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>Two directors compare what one told and the other has; time is the test's.</summary>
public sealed class LaneAuditTests : IDisposable
{
    private const int Some = 2000;
    private const int Second = 1000;

    private readonly ExtensionBed _bed = new(messageSize: 1400);

    public LaneAuditTests()
    {
        _bed.Pass(10);
        _bed.A.Open(Enumerable.Range(0, Some));
        _bed.Pump();
    }

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Digest_BothHaveTheSame_NothingIsAskedForAndAllIsHeld()
    {
        PassSeconds(60);
        Assert.DoesNotContain((ControlKind?)ControlKind.Tell, _bed.B.Sent);
        Assert.InRange(_bed.A.Sent.Count(kind => kind == ControlKind.Digest), 5, 7);
        HeldReport held = _bed.A.Extensions.Held.Last.Single();
        Assert.Equal((Some, Some, 0L, 0L), (held.Own, held.Held, held.Extra, held.Differing));
    }

    [Fact]
    public void Digest_KernelsHaveLimits_EachKnowsTheOthers()
    {
        (_bed.A.Table.KernelLimit, _bed.B.Table.KernelLimit) = (70, 50);
        PassSeconds(12);
        Assert.Equal((50, 70), (_bed.A.Extensions.Held.Last.Single().Limit, _bed.B.Extensions.Held.Last.Single().Limit));
        _bed.B.Table.KernelLimit = 0;
        PassSeconds(12);
        Assert.Equal(0, _bed.A.Extensions.Held.Last.Single().Limit);
    }

    [Fact]
    public void Digest_ConnectionIsMissing_IsToldWithin30Seconds()
    {
        _bed.A.OpenSilently(_bed.NowMs, 9000);
        PassSeconds(15);
        Assert.Equal(Some, _bed.A.Extensions.Held.Last.Single().Held);
        Assert.Equal(Some, _bed.B.Table.Count);
        PassSeconds(15);
        Assert.Equal(Some + 1, _bed.B.Table.Count);
        PassSeconds(10);
        Assert.Equal(Some + 1, _bed.A.Extensions.Held.Last.Single().Held);
    }

    [Fact]
    public void Digest_ConnectionIsChanged_IsToldWithin30Seconds()
    {
        ConnectionEntry changed = Entries.Tcp(7) with { RealPort = 8081 };
        _bed.B.Table.Apply(changed, Origin.Peer);
        Assert.Equal(8081, RealPort(7));
        PassSeconds(30);
        Assert.Equal(8080, RealPort(7));
    }

    [Fact]
    public void Digest_ManyAreMissing_AllAreTold()
    {
        _bed.A.OpenSilently(_bed.NowMs, Enumerable.Range(10_000, 5000));
        PassSeconds(45);
        Assert.Equal(Some + 5000, _bed.B.Table.Count);
    }

    /// <summary>What comes behind a lost message cannot be compared then, and is asked for once more when nothing is missing.</summary>
    [Fact]
    public void Digest_ManyAreMissingAndSumsAreLost_AllAreToldAsSoon()
    {
        int details = 0;
        _bed.A.OpenSilently(_bed.NowMs, Enumerable.Range(10_000, 5000));
        _bed.A.Loses = kind => kind == ControlKind.Detail && ++details % 5 == 0;
        PassSeconds(45);
        Assert.Equal(Some + 5000, _bed.B.Table.Count);
        Assert.InRange(details, 64, 1000);
    }

    [Fact]
    public void Digest_PeerHasMore_IsCountedAndNothingIsDeleted()
    {
        _bed.A.Loses = _ => true;
        _bed.A.Table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_CLOSE, 10), Origin.Local);
        _bed.A.Step();
        PassSeconds(30);
        int ended = Some - _bed.A.Table.Count;
        Assert.Equal(1, ended);
        _bed.A.Loses = _ => false;
        PassSeconds(30);
        Assert.Equal(1, _bed.A.Extensions.Held.Last.Single().Extra);
        Assert.Equal(Some, _bed.B.Table.Count);
    }

    [Fact]
    public void Digest_MessagesAreMissing_IsNotCompared()
    {
        _bed.A.Loses = kind => kind is null or ControlKind.Repaired;
        _bed.A.Open(9000);
        PassSeconds(25);
        Assert.DoesNotContain((ControlKind?)ControlKind.Tell, _bed.B.Sent);
        Assert.Empty(_bed.A.Extensions.Held.Last);
    }

    [Fact]
    public void Digest_PeerRefusesAConnection_IsToldEverMoreSeldom()
    {
        _bed.B.Table.Limit = 1;
        _bed.A.OpenSilently(_bed.NowMs, 9000);
        PassSeconds(170);
        Assert.InRange(_bed.B.Sent.Count(kind => kind == ControlKind.Tell), 2, 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Start_PeerHasToldMuchBefore_EverythingIsToldOnce(int losses)
    {
        using var bed = new ExtensionBed(messageSize: 1400);
        bed.A.Loses = _ => true;
        bed.A.Open(Enumerable.Range(0, Some));
        bed.Pump();
        bed.A.Loses = _ => false;
        bed.B.Loses = kind => kind == ControlKind.Tell && losses-- > 0;
        for (int i = 0; i < 5; i++)
        {
            bed.Pass(Second);
            bed.A.Table.Sweep();
        }

        Assert.Equal(Some, bed.B.Table.Count);
        Assert.InRange(bed.A.Sent.Count(kind => kind is null), Some, Some + (Some / 30));
    }

    [Fact]
    public void WantAll_AfterAStandstill_EverythingIsTold()
    {
        _bed.A.OpenSilently(_bed.NowMs, 9000);
        _bed.B.Extensions.Windows.WantAll(_bed.NowMs);
        PassSeconds(4);
        Assert.Equal(Some + 1, _bed.B.Table.Count);
    }

    [Fact]
    public void Window_IsOverrun_EverythingIsTold()
    {
        _bed.A.Loses = _ => true;
        _bed.A.Open(Enumerable.Range(Some, 100));
        for (int i = 0; i < NumberWindow.Size; i++)
            _bed.A.Extensions.Numbers.Note([], _bed.NowMs);
        _bed.A.Loses = _ => false;
        PassSeconds(5);
        Assert.Equal(Some + 100, _bed.B.Table.Count);
    }

    [Fact]
    public void Sums_AfterRandomChanges_AreThoseOfTheTable()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            ushort state = random.Next(4) == 0 ? ConnectionState.IP_VS_TCP_S_FIN_WAIT : ConnectionState.IP_VS_TCP_S_ESTABLISHED;
            _bed.A.Table.Apply(Entries.Tcp(random.Next(3000), state, (uint)random.Next(1, 60)) with { RealPort = (ushort)random.Next(80, 83) }, Origin.Local);
            if (i % 100 == 0)
            {
                _bed.Pass(20);
                _bed.A.Table.Sweep();
            }
        }

        ulong[] counted = new ulong[CellSum.Cells];
        foreach (ConnectionRecord record in _bed.A.Table.ToList())
            counted[CellSum.CellOf(record.Entry.Key.StableHash())]++;
        ulong[] sums = new ulong[CellSum.Cells];
        _bed.A.Table.TryCopySums(sums);
        Assert.Equal(counted, sums.Select(sum => (ulong)CellSum.Count(sum)));
        Assert.Equal(Fresh(_bed.A.Table), sums);
    }

    /// <summary>The sums of a table to which the same connections were told once.</summary>
    private static ulong[] Fresh(ConnectionTable table)
    {
        var fresh = new ConnectionTable(TimeProvider.System, sums: new OwnerSums());
        foreach (ConnectionRecord record in table.ToList())
            fresh.Apply(record.Entry, Origin.Local);
        ulong[] sums = new ulong[CellSum.Cells];
        fresh.TryCopySums(sums);
        return sums;
    }

    private int RealPort(int number)
    {
        Assert.True(_bed.B.Table.TryGet(Entries.Tcp(number).Key, out ConnectionRecord record));
        return record.Entry.RealPort;
    }

    private void PassSeconds(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _bed.Pass(Second);
            _bed.A.Table.Sweep();
            _bed.B.Table.Sweep();
            _bed.Pump();
        }
    }
}
