using System.Text;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>Persistence data as the table keeps it.</summary>
public sealed class PersistenceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 456, TimeSpan.Zero));
    private readonly ConnectionTable _table;

    public PersistenceTests() => _table = new ConnectionTable(_time);

    [Fact]
    public void Apply_LongestNameAndKey_AreKeptWhole()
    {
        string engine = new('e', PersistenceData.MaxEngineLength);
        string key = new('k', PersistenceData.MaxDataLength);
        _table.Apply(Template(1), Origin.Peer, Data(engine, key));
        Assert.Equal((engine, key), Kept(1));
        Assert.True(_table.TryGet(Template(1).Key, out ConnectionRecord record));
        Assert.True(record.HasPersistence);
        Assert.Equal(Template(1), record.Entry);
    }

    [Fact]
    public void Apply_OtherData_IsNews()
    {
        Assert.Equal(ApplyOutcome.Created, _table.Apply(Template(1), Origin.Peer, Data("sip", "a")));
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Template(1), Origin.Peer, Data("sip", "a")));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Template(1), Origin.Peer, Data("sip", "b")));
        Assert.Equal(("sip", "b"), Kept(1));
    }

    [Fact]
    public void Apply_AnotherTemplateOfTheClient_IsNeverOlder()
    {
        _table.Apply(Template(1) with { State = 1 }, Origin.Peer);
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Template(1) with { State = 0, RealPort = 9 }, Origin.Peer, Data("sip", "a")));
        Assert.True(_table.TryGet(Template(1).Key, out ConnectionRecord record));
        Assert.Equal((0, 9), (record.Entry.State, record.Entry.RealPort));
    }

    [Fact]
    public void Apply_ConnectionWithData_IsTakenWithoutIt()
    {
        _table.Apply(Entries.Tcp(1), Origin.Peer, Data("sip", "a"));
        Assert.True(_table.TryGet(Entries.Tcp(1).Key, out ConnectionRecord record));
        Assert.False(record.HasPersistence);
    }

    [Fact]
    public void Apply_WithoutData_LeavesWhatIsKept()
    {
        _table.Apply(Template(1), Origin.Peer, Data("sip", "a"));
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Template(1), Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Template(1) with { Timeout = 77 }, Origin.Peer));
        Assert.Equal(("sip", "a"), Kept(1));
    }

    [Fact]
    public void Apply_DataComesLater_IsKept()
    {
        _table.Apply(Template(1), Origin.Peer);
        Assert.Equal(("", ""), Kept(1));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Template(1), Origin.Peer, Data("sip", "a")));
        Assert.Equal(("sip", "a"), Kept(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Apply_ManyThatComeAndGo_EachHasItsOwn(int seed)
    {
        const int Numbers = 3_000;
        var random = new Random(seed);
        var model = new Dictionary<int, (string Engine, string Key)>();
        for (int round = 0; round < 20; round++)
        {
            for (int step = 0; step < Numbers; step++)
            {
                int number = random.Next(Numbers);
                (string Engine, string Key) data = (new string('e', random.Next(1, 17)), new string((char)('a' + random.Next(26)), random.Next(256)));
                _table.Apply(Template(number) with { Timeout = (uint)random.Next(1, 3) }, Origin.Peer, Data(data.Engine, data.Key));
                if (data.Key.Length != 0)
                    model[number] = data;
            }

            for (int number = 0; number < Numbers; number++)
                Assert.Equal(model.GetValueOrDefault(number, ("", "")), Kept(number));
            _time.Advance(TimeSpan.FromSeconds(1));
            _table.Sweep();
            foreach (int gone in model.Keys.Where(number => !_table.TryGet(Template(number).Key, out _)).ToList())
                model.Remove(gone);
        }
    }

    [Fact]
    public void Apply_KnownData_AllocatesNothing()
    {
        // What the runtime makes at the first change is none of the table's.
        ApplyChanges(3);
        Assert.Equal(0, Allocations.Least(() => ApplyChanges(1000)));
    }

    [Fact]
    public void TryGetWhole_ThenOtherData_StaysAsItWas()
    {
        byte[] room = new byte[KeptPersistence.MaxLength];
        _table.Apply(Template(1), Origin.Peer, Data("sip", "a"));
        Assert.True(_table.TryGetWhole(Template(1).Key, room, out _, out PersistenceData data));
        _table.Apply(Template(1), Origin.Peer, Data("sip", "b"));
        Assert.Equal("a"u8, data.Data);
    }

    private static ConnectionEntry Template(int number)
    {
        ConnectionEntry entry = Entries.Tcp(number);
        return entry with
        {
            Key = entry.Key with { IsTemplate = true, ClientPort = 0, Client = Address.FromIPv4(0xC6336400u + (uint)number) },
            Flags = ConnectionFlags.IP_VS_CONN_F_TEMPLATE,
        };
    }

    private static PersistenceData Data(string engine, string key) => new(Encoding.ASCII.GetBytes(engine), Encoding.ASCII.GetBytes(key));

    private void ApplyChanges(int count)
    {
        Span<byte> key = stackalloc byte[3];
        for (int i = 0; i < count; i++)
        {
            key[0] = (byte)i;
            _table.Apply(Template(1), Origin.Peer, new PersistenceData("sip"u8, key));
        }
    }

    private (string Engine, string Key) Kept(int number)
    {
        byte[] room = new byte[KeptPersistence.MaxLength];
        _table.TryGetWhole(Template(number).Key, room, out _, out PersistenceData data);
        return (Encoding.ASCII.GetString(data.Engine), Encoding.ASCII.GetString(data.Data));
    }
}
