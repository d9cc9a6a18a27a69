using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>How what is injected is paced, and which losses of the lane the kernel's drops become.</summary>
public sealed class PacedSenderTests : IDisposable
{
    private const int Limit = 212992;
    private const int MessageSize = 1472;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("injected");
    private readonly LaneQueue _queue;
    private readonly KernelSocket _socket = new();
    private readonly PacedSender _sender;
    private int _pauses;
    private int _messages;

    public PacedSenderTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, MessageSize, Limit: 1000, FlushIntervalMs: 0), _counters, _time);
        var pacer = new InjectorPacer(_socket.Look, _ =>
        {
            _pauses++;
            _socket.Queued = 0;
        });
        pacer.Prime();
        _sender = new PacedSender(_socket, pacer, _queue, _counters, _time);
        Wait(60_000);
    }

    public void Dispose() => _sender.Dispose();

    [Fact]
    public void Send_MoreThanTheSocketHolds_WaitsSoThatItNeverFillsBeyondHalf()
    {
        DatagramBuffer[] messages = [.. Enumerable.Range(0, 200).Select(_ => new DatagramBuffer(MessageSize) { Length = MessageSize })];

        Assert.Equal(new SendOutcome(200, 0), _sender.Send(messages));
        Assert.InRange(_socket.MostQueued, 1, Limit / 2);
        Assert.InRange(_pauses, 1, 20);
    }

    [Fact]
    public void Send_InSeveralParts_AddsUpWhatWasSentAndLost()
    {
        _socket.LosesOf(100);
        DatagramBuffer[] messages = [.. Enumerable.Range(0, 100).Select(_ => new DatagramBuffer(MessageSize) { Length = MessageSize })];

        Assert.Equal(new SendOutcome(99, 1), _sender.Send(messages));
    }

    [Fact]
    public void Send_NoDrop_NotesNoLoss()
    {
        Inject();
        Wait(5000);
        _sender.CheckDrops();

        Assert.Empty(TakeLost());
        Assert.Equal(0, _counters.Lost);
    }

    [Fact]
    public void CheckDrops_DroppedSinceTheLastMessage_IsALossOfThatMessage()
    {
        int message = Inject();
        _socket.Drops = 3;
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();

        Assert.Equal([message], TakeLost());
        Assert.Equal(3, _counters.Lost);
    }

    [Fact]
    public void Send_DroppedSinceTheMessageBefore_IsALossOfBoth()
    {
        int first = Inject();
        Wait(FlowConstants.InjectLateMs / 2);
        _socket.Drops = 1;
        Wait(FlowConstants.InjectLateMs / 2);
        int second = Inject();

        Assert.Equal([first, second], TakeLost());
    }

    [Fact]
    public void CheckDrops_DroppedOneSecondAfterALookThatFoundNone_IsStillALossOfThatMessage()
    {
        int message = Inject();
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();
        Assert.Empty(TakeLost());
        _socket.Drops = 1;
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();

        Assert.Equal([message], TakeLost());
    }

    [Fact]
    public void CheckDrops_DroppedLongAfter_IsNoLossOfWhatWasSentBefore()
    {
        Inject();
        Wait(10 * FlowConstants.InjectLateMs);
        int second = Inject();
        Wait(10 * FlowConstants.InjectLateMs);
        int third = Inject();
        _socket.Drops = 1;
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();

        Assert.Equal([second, third], TakeLost());
    }

    [Fact]
    public void CheckDrops_AlreadyNoted_AreNotNotedAgain()
    {
        Inject();
        _socket.Drops = 1;
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();
        Assert.NotEmpty(TakeLost());
        Wait(FlowConstants.InjectLateMs);
        _sender.CheckDrops();

        Assert.Empty(TakeLost());
        Assert.Equal(1, _counters.Lost);
    }

    [Fact]
    public void CheckDrops_NothingWasSent_DoesNotAskTheKernel()
    {
        int looks = _socket.Looks;
        for (int second = 0; second < 10; second++)
        {
            Wait(1000);
            _sender.CheckDrops();
        }

        Assert.Equal(looks, _socket.Looks);
    }

    [Fact]
    public void CheckDrops_SenderIsSending_LeavesTheLookToIt()
    {
        Inject();
        Wait(FlowConstants.InjectLateMs);
        int looks = 0;
        _socket.WhileSending = () =>
        {
            Wait(FlowConstants.InjectLateMs);
            int before = _socket.Looks;
            var other = new Thread(_sender.CheckDrops);
            other.Start();
            Assert.True(other.Join(TimeSpan.FromMinutes(1)));
            looks = _socket.Looks - before;
        };
        Inject();

        Assert.Equal(0, looks);
    }

    [Fact]
    public void Dispose_Sender_ClosesItsSocket()
    {
        _sender.Dispose();

        Assert.True(_socket.IsClosed);
    }

    /// <summary>One message passes from the lane to the kernel.</summary>
    /// <returns>Its number.</returns>
    private int Inject()
    {
        int number = ++_messages;
        _queue.Append(Entries.Tcp(number), record: number);
        var taken = new DatagramBuffer[4];
        int count = _queue.TakeDue(taken, out _);
        Assert.Equal(1, count);
        _sender.Send(taken.AsSpan(0, count));
        _queue.Return(taken.AsSpan(0, count));
        return number;
    }

    /// <summary>The numbers of the messages that the lane has noted as lost since the last call.</summary>
    private List<int> TakeLost()
    {
        (LossWindow window, IReadOnlyList<LostMessages> messages) = _queue.TakeLosses();
        Assert.True(window.IsNone);
        List<int> numbers = [];
        foreach (LostMessages lost in messages)
        {
            int[] records = new int[lost.Records.Count];
            Assert.Equal(records.Length, _queue.CopyLost(lost, 0, records));
            numbers.AddRange(records);
        }

        return numbers;
    }

    private void Wait(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A socket of the kernel's backup that reads nothing by itself.</summary>
    private sealed class KernelSocket : IDatagramSender
    {
        private int _number;
        private int _lost;

        public long Queued { get; set; }

        public long MostQueued { get; private set; }

        public long Drops { get; set; }

        public int Looks { get; private set; }

        public bool IsClosed { get; private set; }

        public Action WhileSending { get; set; } = () => { };

        /// <summary>The message of that number is lost on the way.</summary>
        public void LosesOf(int number) => _lost = number;

        public UdpQueue? Look()
        {
            Looks++;
            return new UdpQueue(Queued, Limit, Drops);
        }

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            WhileSending();
            int lost = 0;
            foreach (DatagramBuffer datagram in datagrams)
            {
                Queued += InjectorPacer.Cost(datagram.Length);
                lost += ++_number == _lost ? 1 : 0;
            }

            MostQueued = Math.Max(MostQueued, Queued);
            return new SendOutcome(datagrams.Length - lost, lost);
        }

        public void Dispose() => IsClosed = true;
    }
}
