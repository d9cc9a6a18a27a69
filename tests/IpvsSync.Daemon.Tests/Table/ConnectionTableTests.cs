using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

public sealed class ConnectionTableTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly ConnectionTable _table;

    public ConnectionTableTests() => _table = new ConnectionTable(_time);

    [Fact]
    public void Apply_NewThenSameThenChanged_SaysSo()
    {
        Assert.Equal(ApplyOutcome.Created, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(Entries.Tcp(1), Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1, state: 4, timeout: 120), Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(1, state: 4, timeout: 120), Origin.Local));
        Assert.True(_table.TryGet(Entries.Tcp(1).Key, out ConnectionRecord record));
        Assert.Equal(Entries.Tcp(1, state: 4, timeout: 120), record.Entry);
        Assert.Equal(Origin.Local, record.Origin);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Sweep_TimedOut_GoesAndARefreshedOneStays()
    {
        _table.Apply(Entries.Tcp(1, timeout: 60), Origin.Peer);
        _table.Apply(Entries.Tcp(2, timeout: 60), Origin.Peer);
        _time.Advance(TimeSpan.FromSeconds(50));
        _table.Apply(Entries.Tcp(2, timeout: 60), Origin.Peer);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, _table.Sweep());
        Assert.False(_table.TryGet(Entries.Tcp(1).Key, out _));
        Assert.True(_table.TryGet(Entries.Tcp(2).Key, out _));
    }

    [Theory]
    [InlineData((ushort)1, 900)]
    [InlineData((ushort)4, 120)]
    [InlineData((ushort)6, 10)]
    public void Sweep_EntryWithoutTimeout_LivesAsLongAsItsState(ushort state, int seconds)
    {
        _table.Apply(Entries.Tcp(1, state, timeout: 0), Origin.Peer);
        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _table.Sweep());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void Apply_LongestTimeout_DoesNotWrap()
    {
        _table.Apply(Entries.Tcp(1, timeout: uint.MaxValue), Origin.Peer);
        _time.Advance(TimeSpan.FromDays(365));
        Assert.Equal(0, _table.Sweep());
    }
}
