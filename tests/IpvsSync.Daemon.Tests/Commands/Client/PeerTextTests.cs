using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Tests.Commands.Client;

/// <summary>What <c>status</c> prints of peers, losses and repair.</summary>
public sealed class PeerTextTests
{
    private static readonly StatusNumbers s_losses = new()
    {
        Lost = 120, Repaired = 100, Missing = 3, GivenUp = 2, Late = 17, Duplicates = 5, OutOfWindow = 1, RepairMs = 14.2, LongestRepairMs = 240,
    };

    [Fact]
    public void Write_NumberedLostAndUnnumberedPeers_AreToldApart() => Assert.Equal(
        """

        peer      instance      state   version   last heard  messages  entries
        10.9.0.1  0a1b2c3d      heard         1    0.3 s ago        99      100
        10.9.0.3  c0ffee01      lost          1   12.0 s ago        99      100
        10.9.0.4  not numbered  heard         1    0.3 s ago        99      100
        10.9.0.5  not numbered  silent        1  200.0 s ago        99      100

        messages of  lost  repaired  missing  given up  late  duplicates  out of window   repair  longest
        10.9.0.1      120       100        3         2    17           5              1  14.2 ms   240 ms
        10.9.0.3        0         0        0         0     0           0              0        -        -

        """,
        Text([
            Peer("10.9.0.1", "heard", "0a1b2c3d", s_losses), Peer("10.9.0.3", "lost", "c0ffee01", new StatusNumbers(), 12),
            Peer("10.9.0.4", "heard"), Peer("10.9.0.5", "silent", lastHeard: 200),
        ]));

    [Fact]
    public void Write_LanesThatDiffer_AreShownAndOthersAreNot()
    {
        StatusNumbers none = new();
        StatusPeer alike = Peer("10.9.0.1", "heard", "0a1b2c3d", s_losses) with { Lanes = [Lane(0, s_losses), Lane(1, s_losses with { Lost = 7 })] };
        StatusPeer oneLoses = Peer("10.9.0.2", "heard", "0a1b2c3e", s_losses) with { Lanes = [Lane(0, s_losses), Lane(1, none)] };
        StatusPeer oneIsSilent = Peer("10.9.0.3", "heard", "0a1b2c3f", none) with { Lanes = [Lane(0, none), new StatusPeerLane(1, "silent", 8.5, none)] };

        Assert.Equal(
            ["messages of", "10.9.0.1", "10.9.0.2", "  lane 0", "  lane 1", "10.9.0.3", "  lane 0", "  lane 1, silent, last heard 8.5 s ago"],
            Text([alike, oneLoses, oneIsSilent]).Split('\n')[6..^1].Select(line => line[..38].TrimEnd()));
    }

    [Fact]
    public void Write_RepairOfOurs_IsShownForLanesThatWereAskedForAnything() => Assert.Equal(
        """

        lane  asked for by peers  told again: messages  entries  left too long ago
        1                    120                     9      340                  2

        """,
        Text([], new StatusRepair("0a1b2c3d", [new StatusRepairLane(0, 5, 0, 0, 0, 0), new StatusRepairLane(1, 0, 120, 9, 340, 2)])));

    [Fact]
    public void Write_WhatPeersHold_IsShown() => Assert.Equal(
        """

        held by   connections  held  per cent  too many  cells that differ   compared
        10.9.0.1         3300  3298      99.9         1                  2  4.5 s ago

        """,
        Text([], new StatusRepair("0a1b2c3d", []) { Held = [new StatusHeld("10.9.0.1", "0a1b2c3e", 3300, 3298, 99.9, 1, 2, KernelLimit: 0, 4.5)] }));

    private static StatusPeer Peer(string address, string state, string? instance = null, StatusNumbers? numbers = null, double lastHeard = 0.26)
        => new(address, 1, lastHeard, 99, 100) { State = state, Instance = instance, Numbers = numbers };

    private static StatusPeerLane Lane(int lane, StatusNumbers numbers) => new(lane, "heard", 0.1, numbers);

    [Fact]
    public void Write_WayToAPeerWithAScope_IsThatOfThePeer()
    {
        StatusPeer peer = Peer("fe80::2", "heard", "0a1b2c3d", new StatusNumbers()) with
        {
            Links = [Link("eth1"), Link("eth2")],
        };
        using var output = new StringWriter();
        PeerText.Write(
            new StatusAnswer
            {
                Role = "Both", Uptime = 1, Kernel = new StatusKernel("None", null, null, null), Stages = [], Lanes = [], Peers = [peer], Table = new StatusTable(0, 1, []),
                Network = new StatusNetwork("eth1", "", 8848, 0, 1) { Paths = [new StatusPath("fe80::2%3", "eth2", "refused", 1500), new StatusPath("fe80::2%2", "eth1", "up", 1500)] },
            },
            output);
        Assert.Equal(["heard", "refused"], output.ToString().Split('\n').Where(line => line.Contains(" eth", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
    }

    private static StatusPeerLink Link(string name) => new(name, "fe80::2", "heard", 0.2, 0, 0, 0.3, 1500);

    private static string Text(StatusPeer[] peers, StatusRepair? repair = null)
    {
        using var output = new StringWriter();
        PeerText.Write(
            new StatusAnswer
            {
                Role = "Both",
                Uptime = 1,
                Network = new StatusNetwork("sync", "224.0.0.81", 8848, 5, 1),
                Kernel = new StatusKernel("None", null, null, null),
                Stages = [],
                Lanes = [],
                Peers = peers,
                Repair = repair,
                Table = new StatusTable(0, 100, []),
            },
            output);
        return output.ToString();
    }
}
