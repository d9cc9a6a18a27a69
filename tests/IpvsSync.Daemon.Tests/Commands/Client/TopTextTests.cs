using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;
using Spectre.Console;

namespace IpvsSync.Daemon.Tests.Commands.Client;

public sealed class TopTextTests
{
    private static readonly StatusCount s_established = new("local", "TCP", "ESTABLISHED", false, 1500);

    [Fact]
    public void Title_Look_SaysRoleAgeAndSize()
        => Assert.Equal("role Both on sync, ready for 01:01:01; 1500 connections", TopText.Title(Look(s_established)));

    [Fact]
    public void States_FirstLook_HasNoChanges()
        => Assert.Equal([["local", "TCP", "ESTABLISHED", "1,500", ""]], TopText.States(Look(s_established), before: null));

    [Fact]
    public void States_LaterLook_TellsWhatCameAndWent()
    {
        StatusAnswer before = Look(s_established with { Connections = 1490 }, new StatusCount("peer", "UDP", "UDP", false, 3), new StatusCount("peer", "TCP", "CLOSE", false, 2));

        Assert.Equal(
            [["local", "TCP", "ESTABLISHED", "1,500", "+10"], ["peer", "TCP", "CLOSE", "2", ""], ["peer", "UDP", "UDP", "0", "-3"]],
            TopText.States(Look(s_established, new StatusCount("peer", "TCP", "CLOSE", false, 2)), before));
    }

    [Fact]
    public void Stages_Refusals_AreSummedUp()
        => Assert.Equal([["sent", "1,234", "5,000", "6", "7", "11", "0"]], TopText.Stages(Look()));

    [Theory]
    [InlineData(7, 0)]
    [InlineData(4, 1)]
    public void Alarms_Losses_AreThoseSinceTheLastLook(long lostBefore, int alarms)
    {
        StatusAnswer before = Look() with { Stages = [new StatusStage { Stage = "sent", Lost = lostBefore, Refused = new Dictionary<string, long>() }] };

        Assert.Equal(alarms, TopText.Alarms(Look(), before).Count());
        Assert.Empty(TopText.Alarms(Look(), before: null));
    }

    [Fact]
    public void Alarms_NoRealServer_IsSaidInEveryLook()
    {
        StatusAnswer look = Look();

        Assert.Contains("3 connections of the peers", Assert.Single(TopText.Alarms(look with { Table = look.Table with { Unbound = 3 } }, look)), StringComparison.Ordinal);
    }

    [Fact]
    public void Alarms_LostPeer_IsSaidInEveryLook()
    {
        StatusAnswer look = Look() with { Peers = [new StatusPeer("10.9.0.1", 1, 12.4, 99, 100) { State = "lost" }, new StatusPeer("10.9.0.2", 1, 300, 99, 100) { State = "silent" }] };

        Assert.Equal("peer 10.9.0.1 is lost: last heard 12 s ago", Assert.Single(TopText.Alarms(look, look)));
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(4, 1)]
    public void Alarms_MissingForGood_AreThoseSinceTheLastLook(long before, int alarms)
    {
        Assert.Equal(alarms, TopText.Alarms(Missing(7), Missing(before)).Count());
        Assert.Empty(TopText.Alarms(Missing(7), before: null));

        static StatusAnswer Missing(long count)
            => Look() with { Peers = [new StatusPeer("10.9.0.1", 1, 0.1, 99, 100) { State = "heard", Numbers = new StatusNumbers { GivenUp = count } }] };
    }

    [Theory]
    [InlineData(true, "full", "ready for", "gate open: told")]
    [InlineData(true, "off", "ready for", null)]
    [InlineData(false, null, "not ready, runs for", null)]
    public void Gate_OpenOrClosed_IsALineOrAnAlarm(bool isOpen, string? outcome, string age, string? expected)
    {
        StatusAnswer look = Look() with { Resync = new StatusResync { State = "ready", Reason = "start", Outcome = outcome, Open = isOpen, Text = "told" } };

        Assert.Equal($"role Both on sync, {age} 01:01:01; 1500 connections", TopText.Title(look));
        Assert.Equal(expected, TopText.Gate(look));
        Assert.Equal(isOpen ? [] : ["gate closed: told"], TopText.Alarms(look, look));
        Assert.Null(TopText.Gate(Look()));
    }

    [Fact]
    public void Peers_Look_HaveWhatTheyHaveToldSince()
    {
        StatusAnswer look = Look() with { Peers = [new StatusPeer("10.9.0.1", 1, 0.04, 99, 1200) { State = "heard", Numbers = new StatusNumbers { Lost = 5, Missing = 2, GivenUp = 1 } }] };
        StatusAnswer before = Look() with { Peers = [new StatusPeer("10.9.0.1", 1, 0.1, 9, 100)] };

        Assert.Equal([["10.9.0.1", "heard", "0.0 s", "+1,100", "5", "2", "1"]], TopText.Peers(look, before));
        Assert.Equal([["10.9.0.1", "heard", "0.0 s", "", "5", "2", "1"]], TopText.Peers(look, before: null));
    }

    [Fact]
    public void Lanes_Look_HaveTheirQueues()
    {
        StatusLane lane = new() { Lane = 1, Port = 8849, SentEntriesPerSecond = 1234, ToPeers = new StatusQueue(3, 7953), ReceivedEntriesPerSecond = 4 };

        Assert.Equal([["1", "1,234", "3 of 7,953", "4", ""]], TopText.Lanes(Look() with { Lanes = [lane] }));
    }

    /// <summary>No number is broken, and the first line stays, whatever the terminal.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(30)]
    public void View_AnyWidth_LeavesOutWholeColumns(int width)
    {
        StatusAnswer look = Look(s_established, s_established with { Origin = "peer", State = "ASSURED", Template = true }) with
        {
            Peers = [new StatusPeer("2001:db8::1234:5678", 1, 0.1, 99, 100) { State = "silent", Numbers = new StatusNumbers { Lost = 1_234_567 } }],
            Lanes = [new StatusLane { Lane = 0, Port = 8848 }, new StatusLane { Lane = 1, Port = 8849, ToPeers = new StatusQueue(3, 7953) }],
        };
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(TopView.View(look, before: null, width));

        string[] lines = text.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 1, width));
        Assert.StartsWith("role Both on sync, ready for", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain('…', text.ToString());
        Assert.Contains(lines, line => line.TrimStart().StartsWith("sent ", StringComparison.Ordinal) && line.Contains("1,234", StringComparison.Ordinal));
        Assert.Equal(width >= 60, text.ToString().Contains("1,234,567", StringComparison.Ordinal));
    }

    private static StatusAnswer Look(params StatusCount[] states) => new()
    {
        Role = "Both",
        Uptime = 3661,
        Network = new StatusNetwork("sync", "224.0.0.81", 8848, 0, 1),
        Kernel = new StatusKernel("Ipvs", "lo", null, null),
        Stages =
        [
            new StatusStage
            {
                Stage = "sent", MessagesPerSecond = 1234, EntriesPerSecond = 5000, BytesPerSecond = 6.4, Lost = 7,
                Refused = new Dictionary<string, long> { ["a"] = 5, ["b"] = 6 },
            },
        ],
        Lanes = [],
        Table = new StatusTable(1500, 100_000, states),
    };
}
