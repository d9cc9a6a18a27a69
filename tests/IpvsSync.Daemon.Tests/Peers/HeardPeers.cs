using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>What two lanes have heard of peers, when the test says so.</summary>
internal sealed class HeardPeers
{
    private readonly PeerRegistry _registry = new(lanes: 2);

    public HeardPeers()
    {
        var owners = new PeerOwners(sums: null);
        Lanes = [new LaneWindows(own: 1, lane: 0, lanes: 2, owners, IdleLearner.Make()), new LaneWindows(own: 1, lane: 1, lanes: 2, owners, IdleLearner.Make())];
    }

    public LaneWindows[] Lanes { get; }

    public IReadOnlyList<PeerSnapshot> Snapshots => _registry.Snapshots;

    public IReadOnlyList<PeerAccount> Accounts => PeerAccounts.Of(Snapshots, Lanes);

    public static SourceAddress Address(int number) => new((UInt128)(uint)number, IsIPv6: false);

    /// <summary>A peer sends a numbered message with entries.</summary>
    public void Number(int peer, uint instance, ulong number, long nowMs, int lane = 0)
    {
        Lanes[lane].Note(Trailer(instance, number), Address(peer), nowMs, out _, out _);
        Plain(peer, nowMs, lane);
    }

    /// <summary>A peer sends a beat.</summary>
    public void Beat(int peer, uint instance, ulong highest, long nowMs, int lane = 0)
    {
        Lanes[lane].Announce(Trailer(instance, 0), highest, Address(peer), nowMs);
        new LanePeers(_registry, lane).NoteSign(Address(peer), nowMs);
    }

    /// <summary>A peer sends a message without a number.</summary>
    public void Plain(int peer, long nowMs, int lane = 0) => new LanePeers(_registry, lane).Note(Address(peer), SyncVersion.V1, 3, nowMs);

    /// <summary>A lane asks for all that is due.</summary>
    public void Ask(long nowMs, int lane = 0)
    {
        var ranges = new NumberRange[NumberRange.MaxRanges];
        while (Lanes[lane].TakeDue(nowMs, out _, ranges) > 0)
            continue;
    }

    private static Trailer Trailer(uint instance, ulong number) => new(instance, number, KeyId: 0, TrailerType.Unsigned);
}
