using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>What the log says of peers: a line for each change, and one for each peer and interval of what is not repaired.</summary>
public sealed class PeerReporterTests
{
    private const long Last = 20_000;

    private readonly FakeLogger _log = new();
    private readonly HeardPeers _heard = new();
    private readonly PeerReporter _reporter;

    public PeerReporterTests() => _reporter = new PeerReporter(_log);

    [Fact]
    public void Check_PeerIsLostComesBackAndStartsAnew_IsALineEach()
    {
        BeatUntil(0, Last, 0xA1);
        Check(Last + 3000);
        _heard.Beat(1, 0xA1, 0, Last + 5000);
        Check(Last + 5000);
        BeatUntil(Last + 6000, Last + 9000, 0xA2);
        Check(Last + 9000);
        _heard.Plain(1, Last + 13_000);
        Check(Last + 13_000);

        Assert.Equal(
            [
                (LogLevel.Warning, 230, "Peer 0.0.0.1 is lost: instance 000000a1 was heard for 00:00:20, and has been silent for 3 s. Look at that director and at the sync network."),
                (LogLevel.Information, 231, "Peer 0.0.0.1 is heard again: instance 000000a1 was silent for 5 s."),
                (LogLevel.Information, 232, "Peer 0.0.0.1 has started anew: instance 000000a2 follows 000000a1."),
                (LogLevel.Information, 233, "Peer 0.0.0.1 does not number its messages any more, as instance 000000a2 did: what the network loses of them is not repaired."),
            ],
            _log.Collector.GetSnapshot().Select(record => (record.Level, record.Id.Id, record.Message)));
    }

    [Fact]
    public void Check_ManyPeersThatFallSilentAtOnce_AreBoundedAndTheRestCounted()
    {
        const int Peers = 40;
        for (int peer = 0; peer < Peers; peer++)
        {
            _heard.Beat(peer, 0xA1 + (uint)peer, 0, 0);
            _heard.Beat(peer, 0xA1 + (uint)peer, 0, Last);
        }

        Check(Last + 3000);
        Assert.Equal(PeerReporter.MostChanges, _log.Collector.Count);
        Report();
        Report();

        Assert.Equal(PeerReporter.MostChanges + 1, _log.Collector.Count);
        Assert.StartsWith($"{Peers - PeerReporter.MostChanges} more change(s) of peers", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NothingLost_SaysNothing()
    {
        _heard.Number(1, 0xA1, 1, 0);
        Report();
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Report_MissingForGood_IsOneLineAPeerAndIntervalWithWhatIsNew()
    {
        _heard.Number(1, 0xA1, 1, 0);
        Miss(1);
        Report();
        Report();
        Miss(500);
        Report();

        Assert.Equal(
            ["Peer 0.0.0.1: 1 message(s) are missing for good (1 since start)", "Peer 0.0.0.1: 500 message(s) are missing for good (501 since start)"],
            _log.Collector.GetSnapshot().Select(record => record.Message.Split(". ")[0]));
        Assert.All(_log.Collector.GetSnapshot(), record => Assert.Equal((LogLevel.Warning, 234), (record.Level, record.Id.Id)));
    }

    [Fact]
    public void Report_ATenthIsLost_IsOneLineAnInterval()
    {
        Report(lost: 0, messages: 1000);
        Report(lost: 10, messages: 1091);
        Assert.Equal(0, _log.Collector.Count);
        Report(lost: 20, messages: 1181);
        Report(lost: 21, messages: 1182);

        FakeLogRecord line = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Warning, 237), (line.Level, line.Id.Id));
        Assert.StartsWith("Peer 0.0.0.1: 10 of its last 100 message(s) were lost, and asked for.", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_AskedForInVain_IsOneLineAnInterval()
    {
        var lane = new SpokenLane();
        lane.Send(messages: NumberWindow.Size + 5);
        lane.Ask(first: 1, count: 3);
        _reporter.Report([], [lane.Extensions]);
        _reporter.Report([], [lane.Extensions]);

        FakeLogRecord line = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Warning, 235), (line.Level, line.Id.Id));
        Assert.StartsWith("Peers ask for 3 message(s) that left too long ago to be told again (3 since start).", line.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 1000, true)]
    [InlineData(50, 0, true)]
    [InlineData(0, 50, true)]
    [InlineData(50, 50, false)]
    [InlineData(0, 0, false)]
    [InlineData(1 << 30, 0, false)]
    public void Report_KernelsTakeOtherNumbersOfConnections_IsSaidOnceUntilOneChanges(int theirs, int ours, bool isSaid)
    {
        var lane = new SpokenLane { KernelLimit = ours };
        Hold(lane, theirs);
        _reporter.Report([], [lane.Extensions]);
        _reporter.Report([], [lane.Extensions]);

        Assert.Equal(isSaid ? [240] : [], _log.Collector.GetSnapshot().Select(record => record.Id.Id));
        if (isSaid)
            Assert.StartsWith($"The kernel of peer 0.0.0.1 takes {theirs} connections (conn_max; 0: any number), this director's {ours}.", _log.LatestRecord.Message, StringComparison.Ordinal);
        Hold(lane, 70);
        _reporter.Report([], [lane.Extensions]);
        Assert.StartsWith("The kernel of peer 0.0.0.1 takes 70 connections", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    private static void Hold(SpokenLane lane, int limit)
        => lane.Extensions.Held.Note(new HeldReport(0xA1, new SourceAddress(1, IsIPv6: false), 1, 1, 0, 0, limit, 0));

    private void Check(long nowMs) => _reporter.Check(_heard.Lanes, _heard.Snapshots, nowMs);

    private void Report() => _reporter.Report(_heard.Accounts, []);

    private void Report(long lost, long messages)
    {
        var source = new SourceAddress(1, IsIPv6: false);
        var numbers = new NumbersAccount(new NumberedInstance(0xA1, source, 0, 0, 0, []), [new LaneAccount(0, 0, 0, new WindowCounts { Lost = lost })]);
        _reporter.Report([new PeerAccount(new PeerSnapshot(source, SyncVersion.V1, messages, 0, 0), numbers)], []);
    }

    /// <summary>The peer says that it cannot tell again what its next messages carried.</summary>
    private void Miss(ushort count)
    {
        ulong first = _heard.Lanes[0].Snapshots[0].Highest + 1;
        _heard.Beat(1, 0xA1, first + count - 1, 0);
        _heard.Lanes[0].Repair(0xA1, new NumberRange(first, count), isGone: true, nowMs: 0);
    }

    private void BeatUntil(long firstMs, long lastMs, uint instance)
    {
        for (long nowMs = firstMs; nowMs <= lastMs; nowMs += 1000)
            _heard.Beat(1, instance, 0, nowMs);
    }
}
