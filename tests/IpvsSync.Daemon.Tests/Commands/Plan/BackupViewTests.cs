using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Commands.Plan.Traffic;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Commands.Plan;

public sealed class BackupViewTests
{
    private readonly BackupView _backup = new();

    [Fact]
    public void Tell_Change_IsAsLateAsItsMessage()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);

        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 1250);

        Assert.Equal((250, 250), (_backup.Delays.WorstMs, _backup.UnknownMs));
    }

    [Fact]
    public void Tell_MessageOlderThanTheNewestChange_LeavesThatOpen()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);
        Take(EventKind.Changed, 1200, IP_VS_TCP_S_TIME_WAIT);

        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 1300);
        _backup.Tell(0, IP_VS_TCP_S_TIME_WAIT, 120_000, 4000);

        Assert.Equal((300, 2800), (_backup.Delays.AtShare(0.5), _backup.Delays.WorstMs));
        Assert.Equal(200, _backup.UnknownMs); // closing connections are not at risk any more
    }

    [Fact]
    public void End_Untold_IsNeverTold()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);
        Take(EventKind.Ended, 50_000);

        Assert.Equal((1, 1, 49_000), (_backup.Connections, _backup.NeverTold, _backup.UnknownMs));
    }

    [Fact]
    public void Finish_ChangeOnItsWay_IsNotNeverTold()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 8000);

        _backup.Finish(10_000);

        Assert.Equal(0, _backup.NeverTold);
    }

    [Theory]
    [InlineData(901_900, 0)]
    [InlineData(902_600, 1)]
    public void End_AfterTheBackupsTimer_HasExpiredEarly(long endedMs, long expected)
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);
        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 1500);

        Take(EventKind.Ended, endedMs);

        Assert.Equal(expected, _backup.ExpiredEarly);
    }

    [Fact]
    public void Take_PacketsWithoutMessage_LetTheTimerRunLow()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);
        Take(EventKind.Asked, 1000);
        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 1000);

        Take(EventKind.Asked, 451_000);
        Take(EventKind.Asked, 455_000);

        Assert.Equal(0.5, _backup.LeastLeft);
    }

    [Fact]
    public void Take_SilenceThenPacket_IsNotTheBackupsFault()
    {
        Take(EventKind.Created, 1000);
        Take(EventKind.Changed, 1000);
        Take(EventKind.Asked, 1000);
        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 1000);

        Take(EventKind.Asked, 800_000);
        Take(EventKind.Asked, 800_010);
        _backup.Tell(0, IP_VS_TCP_S_ESTABLISHED, 900_000, 800_100);
        Take(EventKind.Asked, 810_000);

        Assert.Equal(1, _backup.LeastLeft);
    }

    private void Take(EventKind kind, long atMs, ushort state = IP_VS_TCP_S_ESTABLISHED) => _backup.Take(new DirectorEvent
    {
        Kind = kind,
        AtMs = atMs,
        Walk = 1,
        Facts = new SyncFacts { Protocol = IpProtocol.Tcp, State = state, Timeout = 900_000 },
        Entry = Entries.Tcp(1, state),
    });
}
