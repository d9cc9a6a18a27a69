using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Control.Verification;

namespace IpvsSync.Daemon.Tests.Commands.Client;

public sealed class AnswerTextTests
{
    [Fact]
    public void Verify_AllAgree_IsOneLine()
        => Assert.Equal("200 connections compared, 200 agree: 100 %\n", Text(output => VerifyText.Write(Answer(200, 200), output)));

    [Fact]
    public void Verify_Aside_IsCountedApart() => Assert.Equal(
        """
        200 connections compared, 200 agree: 100 %
        3 known to the kernel only, not told yet
        2 known to the table only, ending
        1 of the kernel's that cannot be read

        """,
        Text(output => VerifyText.Write(Answer(200, 200) with { Untold = 3, Ending = 2, Unreadable = 1 }, output)));

    [Fact]
    public void Verify_Differences_AreNamedAndTheRestCounted() => Assert.Equal(
        """
        200 connections compared, 197 agree: 98.5 %
        missing in kernel: 2, state: 1

        differs            pro  source         virtual        kernel                   table
        missing in kernel  TCP  10.1.0.1:2001  10.1.0.100:80  -                        ESTABLISHED 10.1.0.11:80 peer
        state              TCP  10.1.0.1:2002  10.1.0.100:80  CLOSE 10.1.0.11:80 peer  ESTABLISHED 10.1.0.11:80 peer
        and 1 more (--limit)

        """,
        Text(output => VerifyText.Write(
            Answer(200, 197) with
            {
                Percent = 98.5,
                Kinds = new Dictionary<string, int> { ["missing in kernel"] = 2, ["state"] = 1 },
                Differences = [Missing(2001), State(2002)],
            },
            output)));

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    public void Status_OnATerminal_HasWholeWordsInShortLines(int width)
    {
        string whole = Text(output => StatusText.Write(OlderDaemon(), output));
        string folded = Text(output =>
        {
            using var screen = new FoldedWriter(output, width);
            StatusText.Write(OlderDaemon(), screen);
        });

        Assert.All(folded.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Empty(Words(whole).Except(Words(folded)));
        Assert.Empty(Words(folded).Except(Words(whole)));
    }

    [Fact]
    public void Status_BackupOfAnOlderDaemon_ShowsWhatIsThere()
    {
        StatusAnswer status = OlderDaemon();

        Assert.Equal(
            """
            role Backup, ready for 01:01:01
            sync network sync: group 224.0.0.81, first port 8848, sync id 5, sends version 1
            kernel Ipvs on lo: no feed, inject 224.0.0.81:28848

            stage     messages  entries  bytes  messages/s  entries/s  bytes/s  lost  coalesced  postponed  older
            received        12       34      0           0        5.5        0     0          0          0      7

            lane  port  messages sent  entries  entries/s  waiting  messages received  entries  entries/s  waiting for the kernel
            0     8848              0        0          0        -                 12       34        5.5               3 of 1000

            peer      instance  state  version    last heard  messages  entries
            10.9.0.2  -         -            1     0.3 s ago        11       30
            others    -         -            0  3600.0 s ago         1        4

            table: 34 connections, 100 at most

            origin  pro  state               connections
            peer    TCP  ASSURED (template)           34

            stage     refused for  count
            received  OtherSyncId      9

            not configured here  real server           connections that wait for it
            TCP 10.1.0.100:80    10.1.0.11:80                                     4
            FWM 7                (the service itself)                             1

            persistent on one side only  on
            TCP 10.1.0.100:80            the peers
            FWM 7                        this director

            """,
            Text(output => StatusText.Write(status, output)));
    }

    [Fact]
    public void Status_WhileLearning_SaysHowFarItIsAndHowOftenItHas()
    {
        StatusAnswer status = Running() with
        {
            Resync = new StatusResync
            {
                State = "learning",
                Reason = "start",
                Open = false,
                Text = "learning 1,234 of 9,876 connections from 192.0.2.2",
                Runs = [new StatusResyncRuns("start", "kept", 1), new StatusResyncRuns("peer returned", "full", 12)],
            },
            Kernels = new StatusTold(1000, 9876, Running: true),
        };

        Assert.Equal(
            """
            role Both, not ready, runs for 00:00:01
            gate closed: learning 1,234 of 9,876 connections from 192.0.2.2
            kernels are told 1,000 of 9,876 connections
            sync network sync: group 224.0.0.81, first port 8848, sync id 5, sends version 1
            kernel Ipvs on lo: no feed, nothing injected

            stage  messages  entries  bytes  messages/s  entries/s  bytes/s  lost  coalesced  postponed  older

            lane  port  messages sent  entries  entries/s  waiting  messages received  entries  entries/s  waiting for the kernel

            table: 0 connections, 100 at most

            learnt because of  outcome  times
            start              kept         1
            peer returned      full        12

            """,
            Text(output => StatusText.Write(status, output)));
    }

    private static StatusAnswer Running() => new()
    {
        Role = "Both",
        Uptime = 1,
        Network = new StatusNetwork("sync", "224.0.0.81", 8848, 5, 1),
        Kernel = new StatusKernel("Ipvs", "lo", null, null),
        Stages = [],
        Lanes = [],
        Table = new StatusTable(0, 100, []),
    };

    [Theory]
    [InlineData("Both", null, "backup_only is on: the peers' connections stay in the table while the role is Both")]
    [InlineData("Both", "224.0.0.81:28848", "backup_only is on: this kernel balances nothing while its backup runs")]
    [InlineData("Backup", "224.0.0.81:28848", "backup_only is on: this kernel balances nothing while the role is Backup")]
    [InlineData("Master", null, "")]
    public void Status_BackupOnly_SaysWhatItMeansForTheRole(string role, string? inject, string expected)
    {
        var status = new StatusAnswer
        {
            Role = role,
            Uptime = 1,
            Network = new StatusNetwork("sync", "224.0.0.81", 8848, 5, 1),
            Kernel = new StatusKernel("Ipvs", "lo", null, inject) { BackupOnly = true },
            Stages = [],
            Lanes = [],
            Table = new StatusTable(0, 100, []),
        };

        Assert.Equal(expected, Text(output => StatusText.Write(status, output)).Split('\n')[3]);
        StatusAnswer off = status with { Kernel = status.Kernel with { BackupOnly = false } };
        Assert.DoesNotContain("backup_only", Text(output => StatusText.Write(off, output)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "bpf", false,
        "feed by BPF: 7 told, 5 confirmed by the kernel's master, 1 missed, 2 without room; the master's records are not pushed out")]
    [InlineData("bpf", true, "feed by BPF: 7 told, 5 confirmed by the kernel's master, 1 missed, 2 without room; the master's records are pushed out")]
    [InlineData("master", true, "feed by the kernel's master, whose records are pushed out")]
    public void Status_Feed_SaysHowConnectionsLeaveTheKernel(string kind, bool isPushed, string expected)
    {
        StatusAnswer status = Running() with { Kernel = new StatusKernel("Ipvs", "lo", null, null) { Source = new StatusFeed(kind, isPushed, 7, 5, 1, 2) } };
        Assert.Contains(expected, Text(output => StatusText.Write(status, output)).Split('\n'));
    }

    [Fact]
    public void Reload_Changes_AreToldByWhenTheyHold() => Assert.Equal(
        """
        holds now:
          SyncRefreshPeriod 5, it was 60
        holds after a restart:
          Kernel:PushIntervalMs 0, it was 5

        """,
        Text(output => ChangeText.Write(
            new ReloadAnswer { Applied = [new ChangedKey("SyncRefreshPeriod", "60", "5")], NeedsRestart = [new ChangedKey("Kernel:PushIntervalMs", "5", "0")] },
            output)));

    [Fact]
    public void Reload_NoChange_SaysSo() => Assert.Equal("nothing has changed\n", Text(output => ChangeText.Write(new ReloadAnswer(), output)));

    [Fact]
    public void Reload_Faults_AreAllNamed()
        => Assert.Equal("Not reloaded, all is as before:\n  one\n  two", ChangeText.Refused(new ReloadAnswer { Faults = ["one", "two"] }));

    [Theory]
    [InlineData("Backup", "Both", "Both", "role Backup, it was Both; Both after a restart\n")]
    [InlineData("Both", "Backup", "Both", "role Both, it was Backup\n")]
    [InlineData("Master", "Master", "Master", "role Master, as before\n")]
    public void Role_Answer_SaysWhatWasAndWillBe(string role, string before, string configured, string expected)
        => Assert.Equal(expected, Text(output => ChangeText.Write(new RoleAnswer(role, before, configured), output)));

    private static VerifyAnswer Answer(long compared, long agreeing) => new()
    {
        Compared = compared,
        Agreeing = agreeing,
        Percent = 100,
        Kinds = new Dictionary<string, int>(),
        Differences = [],
    };

    private static DifferenceAnswer Missing(int port)
        => new("missing in kernel", "TCP", $"10.1.0.1:{port}", "10.1.0.100:80", false, null, new DifferenceSide("ESTABLISHED", "10.1.0.11:80", "peer"));

    private static DifferenceAnswer State(int port) => Missing(port) with { Kind = "state", Kernel = new DifferenceSide("CLOSE", "10.1.0.11:80", "peer") };

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static StatusAnswer OlderDaemon() => new StatusAnswer
    {
        Role = "Backup",
        Uptime = 3661,
        Network = new StatusNetwork("sync", "224.0.0.81", 8848, 5, 1),
        Kernel = new StatusKernel("Ipvs", "lo", null, "224.0.0.81:28848"),
        Stages = [new StatusStage { Stage = "received", Messages = 12, Entries = 34, EntriesPerSecond = 5.5, Older = 7, Refused = new Dictionary<string, long> { ["OtherSyncId"] = 9 } }],
        Lanes =
        [
            new StatusLane
            {
                Lane = 0, Port = 8848, ReceivedMessages = 12, ReceivedEntries = 34, ReceivedEntriesPerSecond = 5.5, ToKernel = new StatusQueue(3, 1000),
            },
        ],
        Peers = [new StatusPeer("10.9.0.2", 1, 0.26, 11, 30), new StatusPeer("others", 0, 3600, 1, 4)],
        Table = new StatusTable(34, 100, [new StatusCount("peer", "TCP", "ASSURED", true, 34)])
        {
            Unbound = 5,
            Missing = [new StatusMissing("TCP 10.1.0.100:80", "10.1.0.11:80", 4), new StatusMissing("FWM 7", null, 1)],
            Persistence = [new StatusPersistence("TCP 10.1.0.100:80", Here: false), new StatusPersistence("FWM 7", Here: true)],
        },
    };

    private static string Text(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
