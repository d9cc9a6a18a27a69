using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Receiving;

public sealed class LaneCensusTests : IDisposable
{
    private readonly MemoryWire[] _wires = [new(), new(), new(), new()];
    private readonly MemoryWire _strayWire = new();
    private readonly ConnectionTable _table = new(TimeProvider.System);
    private readonly FakeLogger _log = new();
    private readonly Receiver[] _lanes;
    private readonly StrayReceiver _stray;
    private readonly LaneCensus _census;

    public LaneCensusTests()
    {
        _lanes = [.. _wires.Select(wire => new Receiver(wire, default, Origin.Peer, _table, new StageCounters("received")))];
        _stray = new StrayReceiver(_strayWire, new ReaderOptions { SyncId = 5 });
        _census = new LaneCensus(_lanes, _stray, 8848, _log);
    }

    public void Dispose()
    {
        foreach (MemoryWire wire in _wires)
            wire.Dispose();
        _strayWire.Dispose();
    }

    [Fact]
    public void Report_AllLanesHeard_SaysNothing()
    {
        for (int number = 0; number < 400; number++)
            Hear(number % 4, number);
        _census.Report();
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Report_TwoOfFourPortsSilent_NamesThoseThatAreHeardOnce()
    {
        for (int number = 0; number < 80; number++)
            Hear(number % 2, number);
        _census.Report();
        _census.Report();

        Assert.Equal(1, _log.Collector.Count);
        Assert.Contains("on 2 of our 4 ports only (8848, 8849)", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_FewConnectionsThatSpeakALot_ProveNothing()
    {
        for (int number = 0; number < 1000; number++)
            Hear(0, number % 79);
        _census.Report();
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Report_MessagesBehindTheLastLane_AreSaidOncePerReport()
    {
        Stray(syncId: 5);
        Stray(syncId: 5);
        Stray(syncId: 6);
        _strayWire.Put([1, 2, 3]);
        while (_stray.Step())
            continue;
        _census.Report();
        _census.Report();

        Assert.Equal(1, _log.Collector.Count);
        Assert.Contains("port 8852", _log.LatestRecord.Message, StringComparison.Ordinal);
        Assert.Contains("2 message(s)", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    private static byte[] Message(byte syncId, int number)
    {
        byte[] buffer = new byte[64];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, syncId);
        Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(number)));
        return buffer[..writer.Length];
    }

    private void Stray(byte syncId) => _strayWire.Put(Message(syncId, 1));

    private void Hear(int lane, int number)
    {
        _wires[lane].Put(Message(0, number));
        _lanes[lane].Step();
    }
}
