namespace IpvsSync.Daemon.Control;

/// <summary>The daemon's state: the single line of the answer to <c>status</c>.</summary>
internal sealed record StatusAnswer
{
    /// <summary>The role in force.</summary>
    public required string Role { get; init; }

    /// <summary>The role after a restart; null from a daemon that cannot change its role.</summary>
    public string? ConfiguredRole { get; init; }

    /// <summary>Seconds since the daemon became ready.</summary>
    public required long Uptime { get; init; }

    /// <summary>How far the director is that learns, and whether it may take its addresses; null from an older daemon.</summary>
    public StatusResync? Resync { get; init; }

    /// <summary>How far the director is that tells kernels everything; null if it never has.</summary>
    public StatusTold? Kernels { get; init; }

    /// <summary>The sync network.</summary>
    public required StatusNetwork Network { get; init; }

    /// <summary>How the kernel is connected.</summary>
    public required StatusKernel Kernel { get; init; }

    /// <summary>The traffic by stage, in flow order.</summary>
    public required IReadOnlyList<StatusStage> Stages { get; init; }

    /// <summary>The traffic by lane.</summary>
    public required IReadOnlyList<StatusLane> Lanes { get; init; }

    /// <summary>The peers from which messages were received.</summary>
    public IReadOnlyList<StatusPeer> Peers { get; init; } = [];

    /// <summary>What this director does about losses; null if it numbers no messages (<c>Extensions</c>), or from an older daemon.</summary>
    public StatusRepair? Repair { get; init; }

    /// <summary>Who may speak to the director; null if nothing is signed, or from an older daemon.</summary>
    public StatusAuthentication? Authentication { get; init; }

    /// <summary>The content of the table.</summary>
    public required StatusTable Table { get; init; }
}

/// <summary>The sync network.</summary>
/// <param name="Interface">Its interface; several are separated by commas.</param>
/// <param name="Group">Its multicast group; empty if there is none.</param>
/// <param name="Port">The first port; lane i uses this port + i.</param>
/// <param name="SyncId">0 to 255.</param>
/// <param name="SyncVersion">The version of sent messages.</param>
internal sealed record StatusNetwork(string Interface, string Group, int Port, int SyncId, int SyncVersion)
{
    /// <summary>The state of the first interface; null from a daemon that does not watch it.</summary>
    public StatusLink? Link { get; init; }

    /// <summary>Each interface with its state.</summary>
    public IReadOnlyList<StatusNamedLink> Links { get; init; } = [];

    /// <summary>The ways to the hosts of <c>Peers</c>.</summary>
    public IReadOnlyList<StatusPath> Paths { get; init; } = [];

    /// <summary>Bytes of the largest message to the peers now; 0 from an older daemon.</summary>
    public int MessageSize { get; init; }
}

/// <summary>An interface of the sync network.</summary>
/// <param name="Interface">Its name.</param>
/// <param name="Link">Its state.</param>
/// <param name="Mtu">Its MTU in bytes; 0 while it has never been there.</param>
internal sealed record StatusNamedLink(string Interface, StatusLink Link, int Mtu);

/// <summary>The way to a host of <c>Peers</c>.</summary>
/// <param name="Peer">The host as configured.</param>
/// <param name="Interface">The interface through which it is sent to.</param>
/// <param name="State">
/// <c>up</c>; the state of the interface if that is not; <c>refused</c>: the host answers that nobody listens there; <c>unreachable</c>; <c>too large</c>;
/// <c>filtered</c>.
/// </param>
/// <param name="Mtu">The MTU of the way in bytes; null while nothing is known.</param>
internal sealed record StatusPath(string Peer, string Interface, string State, int? Mtu);

/// <summary>The state of the interface of the sync network.</summary>
/// <param name="State"><c>up</c>, <c>no address</c>, <c>no carrier</c>, <c>down</c> or <c>absent</c>.</param>
/// <param name="Seconds">Seconds since it has been so.</param>
/// <param name="Source">The address from which messages leave; null if there is none.</param>
/// <param name="Changes">How often the interface has changed since the start, its addresses and its MTU included.</param>
internal sealed record StatusLink(string State, double Seconds, string? Source, int Changes);

/// <summary>How the kernel is connected.</summary>
/// <param name="Mode">Key <c>Kernel:Mode</c>, <c>Auto</c> resolved.</param>
/// <param name="Interface">
/// The interface on which the kernel's sync daemons and this daemon communicate; null without a kernel, as are the next two.
/// </param>
/// <param name="Feed">The group and port to which the kernel's master sends; also null if this daemon sends nothing.</param>
/// <param name="Inject">The group and port on which the kernel's backup listens; also null if this daemon injects nothing.</param>
internal sealed record StatusKernel(string Mode, string? Interface, string? Feed, string? Inject)
{
    /// <summary>Whether <c>net.ipv4.vs.backup_only</c> is on: the kernel balances nothing while its backup runs.</summary>
    public bool BackupOnly { get; init; }

    /// <summary>How connections leave the kernel; null if this daemon sends nothing of a kernel, or from an older daemon.</summary>
    public StatusFeed? Source { get; init; }
}

/// <summary>How connections leave the kernel, and what became of the records since this director became a master.</summary>
/// <param name="Kind"><c>bpf</c> or <c>master</c>.</param>
/// <param name="Pushed">Whether the records of the kernel's master are pushed out.</param>
/// <param name="Records">Connections that the BPF program has told; 0 without one, as are the next.</param>
/// <param name="Confirmed">Records of the kernel's master that the program had told before.</param>
/// <param name="Missed">Records of the kernel's master that the program had not told.</param>
/// <param name="Dropped">Records of the program that found no room.</param>
internal sealed record StatusFeed(string Kind, bool Pushed, long Records, long Confirmed, long Missed, long Dropped);

/// <summary>A stage of the flow: totals since start, and the rates of the last second.</summary>
internal sealed record StatusStage
{
    /// <summary>Its name: feed, sent, received or injected.</summary>
    public required string Stage { get; init; }

    /// <summary>Messages that passed.</summary>
    public long Messages { get; init; }

    /// <summary>Entries that passed.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes of UDP payload that passed.</summary>
    public long Bytes { get; init; }

    /// <summary>Messages in the last second.</summary>
    public double MessagesPerSecond { get; init; }

    /// <summary>Entries in the last second.</summary>
    public double EntriesPerSecond { get; init; }

    /// <summary>Bytes in the last second.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Messages lost to a full queue, a full socket or a failed send.</summary>
    public long Lost { get; init; }

    /// <summary>Entries that replaced an older, unsent entry.</summary>
    public long Coalesced { get; init; }

    /// <summary>Entries without news that were postponed.</summary>
    public long Postponed { get; init; }

    /// <summary>Entries that were older than the known state.</summary>
    public long Older { get; init; }

    /// <summary>Entries whose timeout was longer than any that is meant, and was shortened.</summary>
    public long Shortened { get; init; }

    /// <summary>Refused messages and entries by reason; only reasons that occurred.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }
}

/// <summary>A lane: totals since its pipeline started, the rates of the last second, and its queues.</summary>
internal sealed record StatusLane
{
    /// <summary>Its number.</summary>
    public required int Lane { get; init; }

    /// <summary>Its UDP port on the sync network.</summary>
    public required int Port { get; init; }

    /// <summary>Messages to the peers.</summary>
    public long SentMessages { get; init; }

    /// <summary>Entries in those messages.</summary>
    public long SentEntries { get; init; }

    /// <summary>Entries sent in the last second.</summary>
    public double SentEntriesPerSecond { get; init; }

    /// <summary>Finished messages that wait to be sent to the peers, and their limit; null while nothing is sent.</summary>
    public StatusQueue? ToPeers { get; init; }

    /// <summary>Messages from the peers.</summary>
    public long ReceivedMessages { get; init; }

    /// <summary>Entries that were accepted from those messages.</summary>
    public long ReceivedEntries { get; init; }

    /// <summary>Entries received in the last second.</summary>
    public double ReceivedEntriesPerSecond { get; init; }

    /// <summary>Finished messages that wait to be injected into the kernel, and their limit; null while nothing is injected.</summary>
    public StatusQueue? ToKernel { get; init; }
}

/// <summary>The fill level of a lane's queue.</summary>
/// <param name="Waiting">The number of finished messages that wait.</param>
/// <param name="Limit">The maximum number that may wait.</param>
internal sealed record StatusQueue(int Waiting, int Limit);

/// <summary>A peer from which messages were received.</summary>
/// <param name="Peer">Its address; <c>others</c> for all peers that have no count of their own.</param>
/// <param name="Version">The version of its last message with entries.</param>
/// <param name="LastHeard">Seconds since its last message came.</param>
/// <param name="Messages">Its messages that were readable.</param>
/// <param name="Entries">The valid entries in those messages.</param>
internal sealed record StatusPeer(string Peer, int Version, double LastHeard, long Messages, long Entries)
{
    /// <summary>
    /// <c>heard</c>; <c>silent</c>: not heard for long, which may be usual for a peer that does not number its messages; <c>lost</c>: such a
    /// peer speaks each second, and does not. Null from an older daemon.
    /// </summary>
    public string? State { get; init; }

    /// <summary>The instance of a peer that numbers its messages, in 8 hexadecimal digits; null if it does not.</summary>
    public string? Instance { get; init; }

    /// <summary>What comes of it on each link; null from an older daemon, and of a peer that does not number its messages.</summary>
    public IReadOnlyList<StatusPeerLink>? Links { get; init; }

    /// <summary>What became of its messages on all lanes; null if it has never numbered them.</summary>
    public StatusNumbers? Numbers { get; init; }

    /// <summary>The same by lane.</summary>
    public IReadOnlyList<StatusPeerLane>? Lanes { get; init; }
}

/// <summary>What became of a peer's numbered messages, since the daemon heard the peer first.</summary>
internal sealed record StatusNumbers
{
    /// <summary>Messages that were asked for: they did not come in time.</summary>
    public long Lost { get; init; }

    /// <summary>Messages whose entries were told again.</summary>
    public long Repaired { get; init; }

    /// <summary>Messages that have not come and may still come, or be told again.</summary>
    public long Missing { get; init; }

    /// <summary>Messages that never came, and were not told again.</summary>
    public long GivenUp { get; init; }

    /// <summary>Messages that came after a later one.</summary>
    public long Late { get; init; }

    /// <summary>Messages that came more than once.</summary>
    public long Duplicates { get; init; }

    /// <summary>Messages that came too late to know whether they came before; they were dropped.</summary>
    public long OutOfWindow { get; init; }

    /// <summary>Mean time in milliseconds until a lost message came or was told again; null if none has.</summary>
    public double? RepairMs { get; init; }

    /// <summary>The longest such time in milliseconds; null if there is none.</summary>
    public long? LongestRepairMs { get; init; }
}

/// <summary>A peer on one link.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Address">The peer's address there.</param>
/// <param name="State"><c>heard</c>, or <c>silent</c> if it was not heard there for 3 s.</param>
/// <param name="LastHeard">Seconds since it was heard there last.</param>
/// <param name="Lost">Messages that did not come over this link. They may have come over another, or have been told again.</param>
/// <param name="LostPercent">The same in per cent of those that have left the peer since it was heard there first.</param>
/// <param name="RoundTripMs">Mean time in milliseconds until it answers; null before the first answer.</param>
/// <param name="Mtu">The MTU of the way in bytes; less than the interface's if the peer hears no larger packets. Null while nothing is known.</param>
internal sealed record StatusPeerLink(
    string Interface, string Address, string State, double LastHeard, long Lost, double LostPercent, double? RoundTripMs, int? Mtu);

/// <summary>A peer on one lane.</summary>
/// <param name="Lane">The lane's number.</param>
/// <param name="State"><c>heard</c>, or <c>silent</c> if the peer was not heard on this lane for 3 s.</param>
/// <param name="LastHeard">Seconds since it was heard there last.</param>
/// <param name="Numbers">What became of its messages there.</param>
internal sealed record StatusPeerLane(int Lane, string State, double LastHeard, StatusNumbers Numbers);

/// <summary>What this director does about losses, since the start.</summary>
/// <param name="Instance">Its own instance, in 8 hexadecimal digits.</param>
/// <param name="Lanes">The lanes.</param>
internal sealed record StatusRepair(string Instance, IReadOnlyList<StatusRepairLane> Lanes)
{
    /// <summary>How many of this director's connections each peer holds; a peer is asked each 10 s.</summary>
    public IReadOnlyList<StatusHeld> Held { get; init; } = [];

    /// <summary>Its own messages that came back from the network.</summary>
    public long OwnReturned { get; init; }

    /// <summary>Messages between daemons of this kind with a field that makes no sense.</summary>
    public long Malformed { get; init; }

    /// <summary>Kinds and fields of such messages that this daemon does not know: those of a newer one.</summary>
    public long Unknown { get; init; }

    /// <summary>Messages of more instances than there is place for: their losses are not noticed.</summary>
    public long Unplaced { get; init; }
}

/// <summary>How many of this director's connections a peer holds.</summary>
/// <param name="Peer">Its address.</param>
/// <param name="Instance">Its instance, in 8 hexadecimal digits.</param>
/// <param name="Connections">This director's connections.</param>
/// <param name="Held">Those of them that the peer has.</param>
/// <param name="Percent">The same in per cent.</param>
/// <param name="Extra">Connections that the peer has and this director has not, or no longer.</param>
/// <param name="DifferingCells">How many of 4096 parts of the connections differ; they are told again.</param>
/// <param name="KernelLimit">The most connections that the peer's kernel takes (<c>conn_max</c>); 0 if it has no limit, or did not say.</param>
/// <param name="Ago">Seconds since the peer said so.</param>
internal sealed record StatusHeld(
    string Peer, string Instance, long Connections, long Held, double Percent, long Extra, long DifferingCells, long KernelLimit, double Ago);

/// <summary>What a lane does about losses, since the start.</summary>
/// <param name="Lane">Its number.</param>
/// <param name="NacksSent">Messages in which it has asked for what it missed.</param>
/// <param name="Asked">Messages that peers have asked it for; each time is counted.</param>
/// <param name="RetoldMessages">Messages in which it has told entries again.</param>
/// <param name="RetoldEntries">The entries in them.</param>
/// <param name="NotRetold">Messages that peers have asked it for, and that left too long ago.</param>
internal sealed record StatusRepairLane(int Lane, long NacksSent, long Asked, long RetoldMessages, long RetoldEntries, long NotRetold);

/// <summary>The content of the table.</summary>
/// <param name="Connections">Connections and templates.</param>
/// <param name="Limit">The maximum number of connections and templates.</param>
/// <param name="States">The counts by origin, protocol and state; only those that are not 0.</param>
internal sealed record StatusTable(int Connections, int Limit, IReadOnlyList<StatusCount> States)
{
    /// <summary>Peers' connections that have no real server here and would be lost in a failover.</summary>
    public int Unbound { get; init; }

    /// <summary>The destinations that those connections lack, those with the most connections first.</summary>
    public IReadOnlyList<StatusMissing> Missing { get; init; } = [];

    /// <summary>Services that are persistent on one side only.</summary>
    public IReadOnlyList<StatusPersistence> Persistence { get; init; } = [];
}

/// <summary>A service that is persistent on one side only.</summary>
/// <param name="Service">The virtual service, as <c>ipvsadm</c> prints it.</param>
/// <param name="Here">Whether it is persistent on this director; false: on the peers.</param>
internal sealed record StatusPersistence(string Service, bool Here);

/// <summary>A service or real server that peers have and this director does not.</summary>
/// <param name="Service">The virtual service, as <c>ipvsadm</c> prints it.</param>
/// <param name="Server">The missing real server; null if the service itself is missing.</param>
/// <param name="Connections">The number of connections that wait for it.</param>
internal sealed record StatusMissing(string Service, string? Server, int Connections);

/// <summary>A count of connections of one kind in the table.</summary>
/// <param name="Origin">The source of their last update: <c>local</c> or <c>peer</c>.</param>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="State">The state's name.</param>
/// <param name="Template">Whether they are persistence templates.</param>
/// <param name="Connections">The number of connections.</param>
internal sealed record StatusCount(string Origin, string Protocol, string State, bool Template, int Connections);
