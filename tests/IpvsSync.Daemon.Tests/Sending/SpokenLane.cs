using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>A lane that numbers its messages, whose peers are the test; it tells no record again.</summary>
internal sealed class SpokenLane : IRecordTeller
{
    private const int History = 1024;
    private const int MessageSize = 1400;

    private readonly LaneQueue _queue;

    public SpokenLane()
    {
        var time = new FakeTimeProvider();
        Extensions = new LaneExtensions(
            new LaneExtensionsOptions(Instance, SyncId: 0, MessageSize, Lane: 0, Lanes: 1, History), this, new PeerOwners(sums: null), IdleLearner.Make(), nowMs: 0);
        _queue = new LaneQueue(
            new LaneQueueOptions(SyncVersion.V1, SyncId: 0, MessageSize, Limit: 100, FlushIntervalMs: 20), new StageCounters("sent"), time, Extensions);
    }

    public static uint Instance => 0xB1;

    public LaneExtensions Extensions { get; }

    /// <summary>Messages without entries leave.</summary>
    public void Send(int messages)
    {
        for (; messages > 0; messages--)
            Extensions.Numbers.Note([], 0);
    }

    /// <summary>A peer asks for numbers, and the lane answers.</summary>
    public void Ask(ulong first, ushort count)
    {
        Assert.True(Extensions.Requests.TryAdd(new NumberRange(first, count)));
        Extensions.Speak(_queue, new DatagramBuffer[LaneExtensions.MostSpoken], nowMs: 0);
    }

    public bool TryCopySums(Span<ulong> sums) => false;

    public void TellCells(CellSet cells)
    {
    }

    public (int Own, int Remembered) Counts => default;

    public int KernelLimit { get; set; }

    public int RecallSteps => 0;

    public bool Recall(ref RecallCursor cursor, RecallRule rule, ref MessageWriter writer, Span<int> records, ref int count) => true;

    public Retelling Recall(int record, ref MessageWriter writer) => Retelling.NotNeeded;

    public Retelling Tell(int record, long sentMs, ref MessageWriter writer) => Retelling.NotNeeded;
}
