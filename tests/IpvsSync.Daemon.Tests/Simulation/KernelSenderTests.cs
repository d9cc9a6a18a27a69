using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Simulation;

/// <summary>The kernel's sender thread, by the figures of spec §2.6 and §5. A second is 250 ticks, and the clock starts at an odd time.</summary>
public sealed class KernelSenderTests
{
    private const int Hz = 250;
    private const long Start = 12_347;
    private const int DefaultMaxLength = 1472;
    private const int Ipv4Entry = 36;

    private readonly List<KernelMessage> _sent = [];

    [Theory]
    [InlineData(SyncVersion.V0, 24, 1472, 61, 1468)]
    [InlineData(SyncVersion.V0, 24, 1444, 60, 1444)]
    [InlineData(SyncVersion.V1, 36, 1472, 40, 1448)]
    [InlineData(SyncVersion.V1, 36, 1444, 39, 1412)]
    [InlineData(SyncVersion.V1, 72, 1472, 20, 1448)]
    [InlineData(SyncVersion.V1, 72, 1444, 19, 1376)]
    public void Append_OneMoreThanFits_SendsAFullMessage(SyncVersion version, int entry, int maxLength, int entries, int size)
    {
        KernelSender sender = Create(maxLength, version);
        for (int i = 0; i <= entries; i++)
            sender.Append(Start, entry);
        sender.AdvanceTo(Start + Hz);
        Assert.Equal([(size, entries)], Shapes());
    }

    [Fact]
    public void Append_FullButNothingFollows_WaitsForTheFlush()
    {
        KernelSender sender = Create();
        for (int i = 0; i < 40; i++)
            sender.Append(Start, Ipv4Entry);
        sender.AdvanceTo(Start + (2 * Hz) - 1);
        Assert.Empty(_sent);
        sender.AdvanceTo(Start + (2 * Hz));
        Assert.Equal(new KernelMessage(Start + (2 * Hz), 1448, 40), Assert.Single(_sent));
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1, 750)]
    [InlineData(249, 750)]
    [InlineData(250, 750)]
    [InlineData(251, 1000)]
    public void AdvanceTo_LoneEntry_LeavesWhenTwoSecondsOldAndTheThreadLooks(int appendedAfter, int sentAfter)
    {
        KernelSender sender = Create();
        sender.Append(Start + appendedAfter, Ipv4Entry);
        sender.AdvanceTo(Start + 10_000);
        Assert.Equal(new KernelMessage(Start + sentAfter, 44, 1), Assert.Single(_sent));
    }

    [Fact]
    public void Append_PushesAMessageOut_ItLeavesAfterTheSendDelay()
    {
        KernelSender sender = Create(maxLength: 1);
        sender.Append(Start + 10, Ipv4Entry);
        sender.Append(Start + 20, Ipv4Entry);
        sender.AdvanceTo(Start + 24);
        Assert.Empty(_sent);
        sender.AdvanceTo(Start + 25);
        Assert.Equal(new KernelMessage(Start + 25, 44, 1), Assert.Single(_sent));
    }

    [Fact]
    public void AdvanceTo_AfterASendDelay_LooksOnceASecondFromThen()
    {
        KernelSender sender = Create(maxLength: 1);
        sender.Append(Start + 10, Ipv4Entry);
        sender.Append(Start + 20, Ipv4Entry);
        sender.AdvanceTo(Start + 10_000);
        Assert.Equal([Start + 25, Start + 525], _sent.Select(message => message.SentAt));
    }

    [Fact]
    public void Append_EighthFinishedMessage_WakesTheThreadAtOnce()
    {
        KernelSender sender = Create(maxLength: 1);
        for (int i = 0; i < 8; i++)
            sender.Append(Start + 1, Ipv4Entry);
        Assert.Empty(_sent);
        sender.Append(Start + 1, Ipv4Entry);
        Assert.Equal(8, _sent.Count);
        Assert.All(_sent, message => Assert.Equal(Start + 1, message.SentAt));
    }

    [Fact]
    public void AdvanceTo_TheThreadLooksWithinTheSendDelay_SendsWhatIsFinished()
    {
        KernelSender sender = Create(maxLength: 1);
        sender.Append(Start + 1, Ipv4Entry);
        sender.Append(Start + (2 * Hz) - 1, Ipv4Entry);
        sender.AdvanceTo(Start + (2 * Hz) + 3);
        Assert.Equal(Start + (2 * Hz), Assert.Single(_sent).SentAt);
        sender.AdvanceTo(Start + (4 * Hz));
        Assert.Equal(Start + (4 * Hz), _sent[1].SentAt);
    }

    [Fact]
    public void Append_EntryOfOddLength_PadsBeforeTheNextAndNotAfterTheLast()
    {
        KernelSender sender = Create();
        sender.Append(Start, 57);
        sender.Append(Start, 62);
        sender.AdvanceTo(Start + (3 * Hz));
        Assert.Equal([(130, 2)], Shapes());
    }

    [Fact]
    public void Append_EntryLargerThanAMessage_TravelsAlone()
    {
        KernelSender sender = Create(maxLength: 100);
        sender.Append(Start, Ipv4Entry);
        sender.Append(Start, 373);
        sender.Append(Start, Ipv4Entry);
        sender.AdvanceTo(Start + (3 * Hz));
        Assert.Equal([(44, 1), (381, 1), (44, 1)], Shapes());
    }

    private KernelSender Create(int maxLength = DefaultMaxLength, SyncVersion version = SyncVersion.V1)
        => new(Start, Hz, maxLength, version, _sent.Add);

    private IEnumerable<(int Size, int Entries)> Shapes() => _sent.Select(message => (message.Size, message.Entries));
}
