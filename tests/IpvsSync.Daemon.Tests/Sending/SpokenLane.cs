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

    /// <param name="sums">The sums of what peers have told; null for none.</param>
    public SpokenLane(IPeerSums? sums = null)
    {
        var time = new FakeTimeProvider();
        Extensions = new LaneExtensions(
            new LaneExtensionsOptions(Instance, SyncId: 0, MessageSize, Lane: 0, Lanes: 1, History), this, new PeerOwners(sums), IdleLearner.Make(), nowMs: 0);
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

    /// <summary>How often connections were to be told again.</summary>
    public int Tellings { get; private set; }

    /// <summary>The lane says what is due.</summary>
    /// <returns>Each message that says something of a run: its kind, and the run's instance; without a kind, those with entries.</returns>
    public List<(ControlKind? Kind, uint Instance)> Speak(long nowMs)
    {
        var messages = new DatagramBuffer[LaneExtensions.MostSpoken];
        int count = Extensions.Speak(_queue, messages, nowMs);
        List<(ControlKind?, uint)> said = [];
        foreach (DatagramBuffer message in messages.AsSpan(0, count))
        {
            if (Trailer.TryFind(message.Content, out Trailer trailer, out int start) && trailer.Instance != Instance)
                said.Add((ControlReader.TryOpen(message.Content, start, out ControlReader reader) ? reader.Kind : null, trailer.Instance));
        }

        return said;
    }

    public bool TryCopySums(Span<ulong> sums) => false;

    public void TellCells(CellSet cells) => Tellings++;

    public (int Own, int Remembered) Counts => default;

    public int KernelLimit { get; set; }

    /// <summary>Steps of a table in which each message tells one connection, and that is not passed.</summary>
    public int RecallSteps => 1;

    public bool Recall(ref RecallCursor cursor, RecallRule rule, ref MessageWriter writer, Span<int> records, ref int count)
    {
        Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(1)));
        records[count++] = 1;
        return false;
    }

    public Retelling Recall(int record, ref MessageWriter writer) => Retelling.NotNeeded;

    public Retelling Tell(int record, long sentMs, ref MessageWriter writer) => Retelling.NotNeeded;
}
