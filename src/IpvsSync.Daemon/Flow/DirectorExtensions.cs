using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What a director says to others like it, by lane (docs/protocol.md). It lives as long as the director: instance and numbers stay through a
/// change of role.
/// </summary>
internal sealed class DirectorExtensions
{
    /// <summary>Extensions that have said nothing, under a new instance.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="size">How large messages may be.</param>
    /// <param name="table">Tells records again, and has the sums that directors compare.</param>
    /// <param name="learner">Learns from the peers.</param>
    /// <param name="paths">The ways on which messages leave.</param>
    /// <param name="time">The table's clock.</param>
    public DirectorExtensions(SyncOptions options, WireSize size, ConnectionTable table, Learner learner, IReadOnlyList<ProbePath> paths, TimeProvider time)
    {
        Instance = Instances.New();
        Change(options.Authentication);
        var owners = new PeerOwners(table.Sums);
        Lanes =
        [
            .. from lane in Enumerable.Range(0, options.SyncPorts)
               let own = new LaneExtensionsOptions(
                   Instance, (byte)options.SyncId, MasterPipeline.PeerQueue(options, size).MessageSize, lane, options.SyncPorts, SentHistory.CapacityFor(options.SyncPorts), WindowOf(options), size,
                   new LaneAuthentication(Keys, (byte)lane))
               select new LaneExtensions(
                   own, table, owners, learner, time.Milliseconds(), lane == 0 ? new LaneProbes(own, paths, time, time.Milliseconds()) : null),
        ];
        Windows = [.. Lanes.Select(extensions => extensions.Windows)];
        learner.Prompted += lane => Lanes[lane].Prompt();
    }

    /// <summary>This start of this daemon.</summary>
    public uint Instance { get; }

    /// <summary>The keys of this director.</summary>
    public KeyStore Keys { get; } = new();

    /// <summary>What became of the peers' messages where messages are signed, by address.</summary>
    public IReadOnlyList<PeerOutcomes> Outcomes => PeerOutcomes.Of(Lanes.Select(lane => lane.Authentication!.Ledger));

    /// <summary>The extensions of each lane.</summary>
    public IReadOnlyList<LaneExtensions> Lanes { get; }

    /// <summary>What each lane knows of the peers' numbers.</summary>
    public IReadOnlyList<LaneWindows> Windows { get; }

    /// <summary>The messages that fill a quarter of a lane's socket at most.</summary>
    private static int WindowOf(SyncOptions options)
    {
        int bytes = options.SocketBufferSize > 0 ? options.SocketBufferSize : FlowConstants.PeerReceiveBuffer;
        return Math.Clamp(bytes / 4 / FlowConstants.BytesOfDatagram, 1, FlowConstants.CreditWindow);
    }

    /// <summary>Asks all peers for everything: this director may have missed what no number shows.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void AskForAll(long nowMs)
    {
        foreach (LaneExtensions lane in Lanes)
        {
            lane.Windows.WantAll(nowMs);
            lane.Prompt();
        }
    }

    /// <summary>What probes have found out about the peers.</summary>
    public IReadOnlyList<ProbeAccount> Probed => Lanes[0].Probes?.Accounts ?? [];

    /// <summary>Changes the keys, and how strictly messages are judged. Messages that wait are signed with the key that holds when they leave.</summary>
    public void Change(AuthenticationOptions options) => Keys.Ring = options.Mode == AuthenticationMode.Off
        ? null
        : new KeyRing(options.Keys.Secrets, (byte)options.ActiveKey, options.Mode == AuthenticationMode.Require);

    /// <summary>Asks on each lane who is there, so that peers are known before they say anything.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Greet(long nowMs)
    {
        foreach (LaneExtensions lane in Keys.Ring is null ? [] : Lanes)
        {
            lane.Authentication!.Challenge.Want(instance: 0, nowMs);
            lane.Prompt();
        }
    }

    /// <summary>Forgets what the peers have sent: nothing of it is taken for now.</summary>
    public void ForgetPeers()
    {
        // An answer that was heard before must not make what was said before it new.
        foreach (LaneExtensions lane in Lanes)
            lane.Authentication!.Challenge.Forget();
        foreach (LaneWindows lane in Windows)
            lane.Clear();
    }
}
