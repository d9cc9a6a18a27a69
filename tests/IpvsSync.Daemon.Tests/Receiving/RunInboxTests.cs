using System.Net;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>A learner's lane that is told a run; the teacher is the test.</summary>
public sealed class RunInboxTests
{
    private const uint Teacher = 0xA1;
    private const uint Run = 0xF1;

    private readonly SpokenLane _lane = new(new OwnerSums());
    private readonly byte[] _bytes = new byte[256];
    private readonly LaneInbox _inbox;
    private readonly SourceAddress _source = SourceAddress.From(IPAddress.Parse("192.0.2.1"));
    private long _nowMs = 1000;

    public RunInboxTests() => _inbox = new LaneInbox(_lane.Extensions, takesEntries: true);

    private Learner Learner => _lane.Extensions.Learner;

    /// <summary>What is told of a connection then is as old as the table of the teacher, and none of it is news.</summary>
    [Fact]
    public void Take_RunThatTheLearnerHasLeft_IsPassedOver()
    {
        Begin();
        Assert.True(TakeEntries(Run, number: 2, out Teller told));
        Assert.Equal(RecordOrder.Late, told.Order);

        Learner.Begin(ResyncReason.Operator, _nowMs);
        Assert.False(TakeEntries(Run, number: 3, out _));
        Assert.Empty(_lane.Extensions.Windows.Snapshots);
        Assert.Equal(long.MaxValue, _lane.Extensions.Windows.DueMs(_nowMs));
    }

    /// <summary>Else all that is told before the teacher's first message on the lane is nobody's, and the next digest asks for it again.</summary>
    [Fact]
    public void Take_TeacherWasNotHeardOnTheLane_IsTheOwnerFromTheBeginning()
    {
        Begin();
        TakeEntries(Run, number: 2, out Teller before);
        TakeBeat(Teacher);
        TakeEntries(Run, number: 3, out Teller after);
        Assert.NotEqual(OwnerSums.Nobody, before.Owner);
        Assert.Equal(before.Owner, after.Owner);
        TakeEntries(Teacher, number: 1, out Teller news);
        Assert.Equal(before.Owner, news.Owner);
    }

    /// <summary>The learner asks, and the run begins.</summary>
    private void Begin()
    {
        Learner.Begin(ResyncReason.Start, _nowMs);
        Learner.Check(_nowMs, mayAsk: true, isInjected: true);
        Learner.NoteOffer(new PeerOffer(Teacher, _source, IsComplete: true, IsStarting: false, Own: 10, Remembered: 0, Lanes: 1), _nowMs);
        for (long untilMs = _nowMs + FlowConstants.OffersMs + 10; _nowMs < untilMs; _nowMs += 5)
            Learner.Check(_nowMs, mayAsk: true, isInjected: true);
        Assert.True(Learner.TryTakeAsk(0, _nowMs, out LessonQuestion question));
        var writer = ControlWriter.Start(_bytes, syncId: 0, ControlKind.Begin);
        writer.TryWriteUInt32(ControlField.Target, SpokenLane.Instance);
        writer.TryWriteUInt32(ControlField.Run, question.Run);
        Take(Run, number: 1, writer.Length, out _);
    }

    private bool TakeEntries(uint instance, ulong number, out Teller teller)
    {
        var writer = MessageWriter.Start(_bytes, SyncVersion.V1, syncId: 0);
        Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(1)));
        return Take(instance, number, writer.Length, out teller);
    }

    private void TakeBeat(uint instance)
    {
        var writer = ControlWriter.Start(_bytes, syncId: 0, ControlKind.Beat);
        writer.TryWriteNumber(ControlField.Highest, 0);
        Take(instance, number: 0, writer.Length, out _);
    }

    private bool Take(uint instance, ulong number, int start, out Teller teller)
    {
        var trailer = new Trailer(instance, number, KeyId: 0, TrailerType.Unsigned);
        int length = Trailer.Append(_bytes, start, trailer);
        return _inbox.Take(_bytes.AsSpan(0, length), trailer, start, _source, _nowMs, out teller);
    }
}
