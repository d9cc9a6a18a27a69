using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>What is heard and cannot be used is counted, by reason.</summary>
public sealed class LaneInboxTests
{
    private readonly SpokenLane _lane = new();
    private readonly byte[] _bytes = new byte[256];

    private LaneInbox Inbox => new(_lane.Extensions, takesEntries: true);

    [Fact]
    public void Take_OwnMessage_IsCountedAndDropped()
    {
        Assert.False(Take(ControlKind.Beat, SpokenLane.Instance));
        Assert.Equal((1, 0, 0), Counts);
        Assert.Empty(_lane.Extensions.Windows.Snapshots);
    }

    [Fact]
    public void Take_UnknownKind_IsCounted()
    {
        Take((ControlKind)99, 0xA1);
        Take((ControlKind)13, 0xA1);
        Take(ControlKind.Hello, 0xA1);
        Assert.Equal((0, 0, 2), Counts);
    }

    [Theory]
    [InlineData(ControlKind.Beat)]
    [InlineData(ControlKind.Nack)]
    [InlineData(ControlKind.Repaired)]
    [InlineData(ControlKind.Hello)]
    [InlineData(ControlKind.Ask)]
    [InlineData(ControlKind.Begin)]
    public void Take_UnknownField_IsCountedAndSkipped(ControlKind kind)
    {
        Take(kind, 0xA1, (ControlField)200, [1]);
        Take(kind, 0xA1, ControlField.Echo, [0, 0, 0, 1]);
        Assert.Equal((0, 0, 1), Counts);
    }

    [Theory]
    [InlineData(ControlKind.Beat, ControlField.Highest)]
    [InlineData(ControlKind.Repaired, ControlField.Ranges)]
    [InlineData(ControlKind.HelloAck, ControlField.Nonce)]
    [InlineData(ControlKind.Credit, ControlField.Highest)]
    [InlineData(ControlKind.End, ControlField.Counts)]
    public void Take_FieldThatMakesNoSense_IsMalformed(ControlKind kind, ControlField field)
    {
        Take(kind, 0xA1, field, [1, 2, 3]);
        Assert.Equal((0, 1, 0), Counts);
    }

    /// <summary>Each question is asked some times, and those of several peers come between each other.</summary>
    [Fact]
    public void TellAll_TwoPeersAskInTurns_IsToldOnceForEach()
    {
        for (int times = 0; times < 4; times++)
        {
            _lane.Extensions.TellAll(0xA1, 10_000 + (times * 50));
            _lane.Extensions.TellAll(0xA2, 10_010 + (times * 50));
        }

        Assert.Equal(2, _lane.Tellings);
        _lane.Extensions.TellAll(0xA1, 10_000 + FlowConstants.AllAgainMs);
        Assert.Equal(3, _lane.Tellings);
    }

    [Fact]
    public void Counts_AnotherReceiverOfTheLane_GoOn()
    {
        Take(ControlKind.Beat, SpokenLane.Instance);
        Take(ControlKind.Beat, SpokenLane.Instance);
        Assert.Equal((2, 0, 0), Counts);
    }

    [Fact]
    public void Step_BeatAfterAMessageOfVersion0_IsHeardAndLeavesTheVersion()
    {
        using var wire = new MemoryWire(batch: 32);
        var peers = new PeerRegistry(lanes: 1);
        var receiver = new Receiver(
            wire, default, Origin.Peer, new ConnectionTable(TimeProvider.System), new StageCounters("received"), peers: new LanePeers(peers, 0), inbox: Inbox);
        var message = MessageWriter.Start(_bytes, SyncVersion.V0, syncId: 0);
        Assert.Equal(Refusal.None, message.TryWrite(Entries.Tcp(1)));
        wire.Put(_bytes.AsSpan(0, Trailer.Append(_bytes, message.Length, new Trailer(0xA1, Number: 1, KeyId: 0, TrailerType.Unsigned))));
        var beat = ControlWriter.Start(_bytes, syncId: 0, ControlKind.Beat);
        wire.Put(_bytes.AsSpan(0, Trailer.Append(_bytes, beat.Length, new Trailer(0xA1, Number: 0, KeyId: 0, TrailerType.Unsigned))));

        Assert.True(receiver.Step());
        PeerSnapshot peer = Assert.Single(peers.Snapshots);
        Assert.Equal((SyncVersion.V0, 2, 1), (peer.Version, peer.Messages, peer.Entries));
    }

    private (long Own, long Malformed, long Unknown) Counts
        => (_lane.Extensions.Inbox.Own, _lane.Extensions.Inbox.Malformed, _lane.Extensions.Inbox.Unknown);

    private bool Take(ControlKind kind, uint instance, ControlField field = ControlField.Target, ReadOnlySpan<byte> value = default)
    {
        var writer = ControlWriter.Start(_bytes, syncId: 0, kind);
        if (!value.IsEmpty)
            Assert.True(writer.TryWrite(field, value));
        var trailer = new Trailer(instance, Number: 0, KeyId: 0, TrailerType.Unsigned);
        int start = writer.Length;
        int length = Trailer.Append(_bytes, start, trailer);
        return Inbox.Take(_bytes.AsSpan(0, length), trailer, start, new SourceAddress(1, IsIPv6: false), nowMs: 0, out _);
    }
}
