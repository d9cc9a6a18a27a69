using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>What an answer makes of an instance's numbers.</summary>
public sealed class VouchTests
{
    private const uint Peer = 0xA1;

    private static readonly SourceAddress s_source = new(1, IsIPv6: false);

    private readonly Learner _learner = new(new LearnerOptions(1, 300, 60_000));
    private readonly LaneWindows _windows;

    public VouchTests() => _windows = new LaneWindows(own: 1, lane: 0, lanes: 1, new PeerOwners(new OwnerSums()), _learner, () => true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Vouch_WhileItLearns_AsksForAllOnlyIfSomethingWasDropped(bool hasDropped)
    {
        _learner.Begin(ResyncReason.Start, 0);
        _windows.Vouch(Number(0), highest: 1000, hasDropped, s_source, 10);

        Assert.Equal(hasDropped, _windows.TryTakeAll(10, out uint instance));
        Assert.Equal(hasDropped ? Peer : 0, instance);
    }

    [Theory]
    [InlineData(1000, NumberVerdict.OutOfWindow)]
    [InlineData(999, NumberVerdict.OutOfWindow)]
    [InlineData(1, NumberVerdict.OutOfWindow)]
    [InlineData(1001, NumberVerdict.Newest)]
    internal void Note_OfANumberUpToTheAnswers_IsOld(ulong number, NumberVerdict expected)
    {
        _windows.Vouch(Number(0), highest: 1000, hasDropped: false, s_source, 10);
        Assert.Equal(expected, _windows.Note(Number(number), s_source, 20, out _, out _));
    }

    [Fact]
    public void Vouch_OfAWindowWithANumberThatItHasNeverReached_BeginsAnew()
    {
        _windows.Note(Number(1UL << 40), s_source, 5, out _, out _);
        _windows.Vouch(Number(0), highest: 1000, hasDropped: false, s_source, 10);

        Assert.Equal(NumberVerdict.Newest, _windows.Note(Number(1001), s_source, 20, out _, out _));
    }

    [Fact]
    public void BeginRun_OfAnInstanceThatToldBefore_TakesNothingOfThat()
    {
        _windows.BeginRun(Number(500), s_source, 10);
        _windows.NoteRun(Number(400), 20, out bool isOld, out _);
        _windows.NoteRun(Number(501), 20, out bool isNew, out _);

        Assert.Equal((false, true), (isOld, isNew));
    }

    private static Trailer Number(ulong number) => new(Peer, number, 1, TrailerType.Signed);
}
