using System.Net;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What the thread does that moves a learner on: the gate, the log, and peers that appear later.</summary>
public sealed class LearningDutyTests : IDisposable
{
    private const uint Peer = 0xA1;

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-sync-test").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1));
    private readonly FakeLogger _log = new();
    private readonly Learner _learner = new(new LearnerOptions(Lanes: 1, AloneAfterMs: 2000, TimeLimitMs: 60_000));
    private readonly Place _place = new();
    private readonly LearningDuty _duty;

    public LearningDutyTests() => _duty = new LearningDuty(_learner, _place, _time, _log) { Gate = new GateFile(Path.Combine(_directory, "control.sock")) };

    private string Gate => Path.Combine(_directory, GateFile.Name);

    private long NowMs => _time.Milliseconds();

    [Fact]
    public void Step_GateOpens_IsWrittenAndLogged()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        _duty.WriteGate();
        Assert.Equal("1\n", File.ReadAllText(Gate));
        Pass(2100);
        Assert.Equal("0\n", File.ReadAllText(Gate));
        Assert.Contains(_log.Collector.GetSnapshot(), record => record.Id.Id == 51 && record.Message.Contains("alone", StringComparison.Ordinal));
    }

    [Fact]
    public void Step_LearnsAgain_GateStaysOpen()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        Pass(2100);
        _learner.Begin(ResyncReason.Operator, NowMs);
        Pass(1000);
        Assert.Equal(ResyncState.Asking, _learner.Snapshot(NowMs).State);
        Assert.Equal("0\n", File.ReadAllText(Gate));
    }

    [Fact]
    public void Step_GateCannotBeWritten_SaysSoOnceAndTriesAgain()
    {
        Directory.Delete(_directory);
        _learner.Begin(ResyncReason.Start, NowMs);
        Pass(2100);
        Assert.Single(_log.Collector.GetSnapshot(), record => record.Id.Id == 53);

        Directory.CreateDirectory(_directory);
        _duty.Step();
        Assert.Equal("0\n", File.ReadAllText(Gate));
    }

    [Fact]
    public void Step_AloneAndAPeerAppears_LearnsOnceFromIt()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        Pass(2100);
        _place.Heard.Add(Peer);
        _duty.Step();
        Assert.Equal((ResyncState.Asking, ResyncReason.PeerReturned, true), Now);
        Pass(2100);
        Assert.Equal((ResyncState.Ready, ResyncReason.PeerReturned, true), Now);
        Pass(1000);
        Assert.Equal(ResyncState.Ready, Now.State);
    }

    [Fact]
    public void Step_AloneAndAPeerAppearsAgain_LearnsFromItAgain()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        Pass(2100);
        _place.Heard.Add(Peer);
        Pass(3000);
        _place.Heard.Clear();
        Pass(3000);
        Assert.Equal(ResyncState.Ready, Now.State);
        _place.Heard.Add(Peer);
        _duty.Step();
        Assert.Equal((ResyncState.Asking, ResyncReason.PeerReturned, true), Now);
    }

    [Fact]
    public void Step_PeerAppearsJustBeforeTheGateOpens_LearnsFromIt()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        Pass(1990);
        _place.Heard.Add(Peer);
        Pass(50);
        Assert.Equal((ResyncState.Asking, ResyncReason.PeerReturned, true), Now);
    }

    [Fact]
    public void Step_EndsPartially_AsksEveryPeerForItsOwn()
    {
        _learner.Begin(ResyncReason.Start, NowMs);
        _learner.NoteOffer(
            new PeerOffer(Peer, SourceAddress.From(IPAddress.Loopback), IsComplete: false, IsStarting: false, Own: 10, Remembered: 0, Lanes: 1), NowMs);
        Pass(FlowConstants.PoorOffersMs + FlowConstants.TeacherSilentMs + 100);
        Assert.Equal(ResyncOutcome.Partial, _learner.Snapshot(NowMs).Outcome);
        Assert.Equal(1, _place.Asked);
    }

    public void Dispose()
    {
        _duty.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private (ResyncState State, ResyncReason Reason, bool IsOpen) Now
    {
        get
        {
            ResyncSnapshot now = _learner.Snapshot(NowMs);
            return (now.State, now.Reason, now.IsOpen);
        }
    }

    private void Pass(long ms)
    {
        for (; ms > 0; ms -= 10)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            _duty.Step();
        }
    }

    private sealed class Place : ILearningPlace
    {
        public List<uint> Heard { get; } = [];

        public int Asked { get; private set; }

        public bool MayAsk => true;

        public bool IsInjected => true;

        public IEnumerable<uint> Peers => Heard;

        public void AskForAll() => Asked++;
    }
}
