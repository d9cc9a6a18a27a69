using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What is told from the table, and what is taken that another director has told from its own.</summary>
public sealed class RecallTests
{
    private const byte Live = 1;
    private const byte Silent = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionTable _table;

    public RecallTests() => _table = new ConnectionTable(_time, sums: new OwnerSums());

    [Fact]
    public void Recall_Own_TellsTemplatesFirstAndNothingOfOthers()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(Template(2), Origin.Local);
        _table.Apply(Entries.Tcp(3), Origin.Peer, teller: new Teller(RecordOrder.Newer, Silent));

        IReadOnlyList<ConnectionEntry> told = RecallAll(isRemembered: false);

        Assert.Equal([true, false], told.Select(entry => entry.Key.IsTemplate));
    }

    [Fact]
    public void Recall_Remembered_TellsOfThoseThatAreNotThere()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(Entries.Tcp(2), Origin.Peer, teller: new Teller(RecordOrder.Newer, Live));
        _table.Apply(Entries.Tcp(3), Origin.Peer, teller: new Teller(RecordOrder.Newer, Silent));
        _table.Apply(Entries.Tcp(4), Origin.Peer);

        Assert.Equal([Entries.Tcp(3).Key, Entries.Tcp(4).Key], RecallAll(isRemembered: true).Select(entry => entry.Key).OrderBy(key => key.ClientPort));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Recall_Lanes_TellEachConnectionOnce(int lanes)
    {
        for (int number = 0; number < 1000; number++)
            _table.Apply(Entries.Tcp(number), Origin.Local);

        IEnumerable<ConnectionEntry> told = Enumerable.Range(0, lanes).SelectMany(lane => RecallAll(isRemembered: false, lane, lanes));

        Assert.Equal(1000, told.Select(entry => entry.Key).Distinct().Count());
        Assert.All(Enumerable.Range(0, lanes), lane => Assert.All(
            RecallAll(isRemembered: false, lane, lanes), entry => Assert.Equal(lane, Lanes.LaneOf(entry.Key, lanes))));
    }

    [Fact]
    public void Recall_Connection_HasWhatIsLeftOfItsLife()
    {
        _table.Apply(Entries.Tcp(1, timeout: 900), Origin.Local);
        _table.Apply(Template(2), Origin.Local);
        _time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal([Template(2).Timeout, 800u], RecallAll(isRemembered: false).Select(entry => entry.Timeout));
    }

    [Fact]
    public void Recall_TimedOut_IsNotTold()
    {
        _table.Apply(Entries.Tcp(1, timeout: 900), Origin.Local);
        _time.Advance(TimeSpan.FromSeconds(901));
        Assert.Empty(RecallAll(isRemembered: false));
    }

    [Fact]
    public void Apply_RecalledAndUnknown_IsTaken()
    {
        Assert.Equal(ApplyOutcome.Created, _table.Apply(Entries.Tcp(1), Origin.Peer, teller: Recalled()));
        Assert.Equal(1, _table.Peers);
    }

    [Fact]
    public void Apply_RecalledAndHeardSince_IsNotTaken()
    {
        Teller recalled = Recalled();
        _time.Advance(TimeSpan.FromSeconds(60));
        _table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_TIME_WAIT, timeout: 120), Origin.Peer, teller: new Teller(RecordOrder.Newer, Live));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Entries.Tcp(1), Origin.Peer, teller: recalled));
        Assert.True(_table.TryGet(Entries.Tcp(1).Key, out ConnectionRecord record));
        Assert.Equal(ConnectionState.IP_VS_TCP_S_TIME_WAIT, record.Entry.State);
    }

    [Fact]
    public void Apply_RecalledAndHeardBefore_IsTaken()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(
            ApplyOutcome.Updated,
            _table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_TIME_WAIT, timeout: 100), Origin.Peer, teller: Recalled()));
    }

    [Fact]
    public void Apply_RememberedOfThisKernels_IsNotTaken()
    {
        _table.Apply(Entries.Tcp(1), Origin.Local);
        _table.Apply(Entries.Tcp(1, ConnectionState.IP_VS_TCP_S_TIME_WAIT), Origin.Peer, teller: Recalled() with { IsRemembered = true });
        Assert.Equal(0, _table.Peers);
    }

    [Fact]
    public void Apply_Recalled_IsItsTellersInTheSums()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer, teller: Recalled());
        ulong sum = 0;
        for (int cell = 0; cell < CellSum.Cells; cell++)
            sum += _table.Sums!.Peer(Live, cell);
        Assert.Equal(1, CellSum.Count(sum));
    }

    private Teller Recalled()
    {
        Assert.NotEqual(0, _table.Sums!.FindFree(_ => false));
        return new Teller(RecordOrder.Late, Live, RecalledSinceMs: Math.Max(1, _table.NowMs));
    }

    private static ConnectionEntry Template(int number)
    {
        ConnectionEntry entry = Entries.Tcp(number, state: 0, timeout: 360);
        return entry with { Key = entry.Key with { ClientPort = 0, IsTemplate = true }, Flags = ConnectionFlags.IP_VS_CONN_F_TEMPLATE };
    }

    private List<ConnectionEntry> RecallAll(bool isRemembered, int lane = 0, int lanes = 1)
    {
        bool[] live = new bool[FlowConstants.MaxPeers + 1];
        live[Live] = true;
        var rule = new RecallRule(lane, lanes, isRemembered, live);
        List<ConnectionEntry> told = [];
        RecallCursor cursor = default;
        byte[] bytes = new byte[200];
        while (cursor.Step < _table.RecallSteps)
        {
            int count = 0;
            var writer = MessageWriter.Start(bytes, SyncVersion.V1, syncId: 0);
            while (cursor.Step < _table.RecallSteps && _table.Recall(ref cursor, rule, ref writer, new int[MessageWriter.MaxCount], ref count))
                continue;
            var reader = new MessageReader(bytes.AsSpan(0, writer.Length), default);
            while (reader.Read(out ConnectionEntry entry))
                told.Add(entry);
        }

        return told;
    }
}
