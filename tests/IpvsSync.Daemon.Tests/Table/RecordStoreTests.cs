using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>The records of one shard; the hashes are the test's, so that keys meet that seldom do.</summary>
public sealed class RecordStoreTests
{
    private const ushort Hash = 7;

    private readonly RecordStore _store = new(new TableMemory(1), shard: 0);

    [Fact]
    public void Find_WrongGuess_FindsByTheIndex()
    {
        const ushort Beyond = 60_000;
        _store.Add(Entries.Tcp(1), Hash, out ushort first);
        _store.Add(Entries.Tcp(2), Hash, out ushort second);
        Assert.Equal(second, _store.Find(Entries.Tcp(2).Key, Hash, first));
        Assert.Equal(second, _store.Find(Entries.Tcp(2).Key, Hash, Beyond));
        Assert.Equal(second, _store.Find(Entries.Tcp(2).Key, Hash, second));
        Assert.Equal(0, _store.Find(Entries.Tcp(3).Key, Hash, first));
    }

    [Fact]
    public void Find_GuessWithTheSameLowerHalves_IsNotTheConnection()
    {
        _store.Add(Wide(1), Hash, out ushort number);
        Assert.Equal(number, _store.Find(Wide(1).Key, Hash, number));
        Assert.Equal(0, _store.Find(Wide(2).Key, Hash, number));
        Assert.Equal(0, _store.Find(Wide(2).Key, Hash));
    }

    [Fact]
    public void Remove_MoreThanThereAreNumbers_UsesThePlacesAgain()
    {
        for (int i = 0; i <= ushort.MaxValue; i++)
        {
            ConnectionEntry entry = Wide(i);
            _store.Add(entry, (ushort)entry.Key.GetHashCode(), out ushort number);
            Assert.Equal(1, number);
            Assert.True(_store.Persistence(_store.Records[number]).IsEmpty);
            Assert.True(_store.Keep(ref _store.Records[number], entry, new PersistenceData("sip"u8, "a"u8)));
            _store.Remove(number);
        }
    }

    private static ConnectionEntry Wide(int number)
    {
        ConnectionEntry entry = Entries.Tcp(1);
        byte[] client = new byte[16];
        BitConverter.TryWriteBytes(client, number + 1);
        return entry with { Key = entry.Key with { Client = Address.FromBytes(client) } };
    }
}
