namespace IpvsSync.Daemon.Control;

/// <summary>The daemon's state: the one line of the answer to <c>status</c>.</summary>
internal sealed record StatusAnswer
{
    /// <summary>Which pipelines run.</summary>
    public required string Role { get; init; }

    /// <summary>Which pipelines run after a restart; null from a daemon that cannot change its role.</summary>
    public string? ConfiguredRole { get; init; }

    /// <summary>Seconds since it was ready.</summary>
    public required long Uptime { get; init; }

    /// <summary>The sync network.</summary>
    public required StatusNetwork Network { get; init; }

    /// <summary>How the kernel is reached.</summary>
    public required StatusKernel Kernel { get; init; }

    /// <summary>What passes, by stage in flow order.</summary>
    public required IReadOnlyList<StatusStage> Stages { get; init; }

    /// <summary>What passes, by lane.</summary>
    public required IReadOnlyList<StatusLane> Lanes { get; init; }

    /// <summary>Who is heard.</summary>
    public IReadOnlyList<StatusPeer> Peers { get; init; } = [];

    /// <summary>What is known.</summary>
    public required StatusTable Table { get; init; }
}

/// <summary>The sync network.</summary>
/// <param name="Interface">Its interface.</param>
/// <param name="Group">Its multicast group.</param>
/// <param name="Port">The first port; lane i has this + i.</param>
/// <param name="SyncId">0 to 255.</param>
/// <param name="SyncVersion">The version that is sent.</param>
internal sealed record StatusNetwork(string Interface, string Group, int Port, int SyncId, int SyncVersion);

/// <summary>How the kernel is reached.</summary>
/// <param name="Mode">Key <c>Kernel:Mode</c>, <c>Auto</c> resolved.</param>
/// <param name="Interface">Where its sync daemons and we meet; null without a kernel, as the next two.</param>
/// <param name="Feed">Its master speaks here; null as well when we send nothing.</param>
/// <param name="Inject">Its backup listens here; null as well when we learn nothing.</param>
internal sealed record StatusKernel(string Mode, string? Interface, string? Feed, string? Inject);

/// <summary>A stage of the flow: totals since start, and what passed in the last second.</summary>
internal sealed record StatusStage
{
    /// <summary>Its name: feed, sent, received, injected.</summary>
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

    /// <summary>Entries that took the place of an older one before it left.</summary>
    public long Coalesced { get; init; }

    /// <summary>Entries that said nothing new, and were left out for now.</summary>
    public long Postponed { get; init; }

    /// <summary>Entries that were older than what was known.</summary>
    public long Older { get; init; }

    /// <summary>Refused messages and entries by reason, those that there were.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }
}

/// <summary>A lane: totals since its half runs, what passed in the last second, and what waits.</summary>
internal sealed record StatusLane
{
    /// <summary>Its number.</summary>
    public required int Lane { get; init; }

    /// <summary>Its UDP port on the sync network.</summary>
    public required int Port { get; init; }

    /// <summary>Messages to the peers.</summary>
    public long SentMessages { get; init; }

    /// <summary>Entries in them.</summary>
    public long SentEntries { get; init; }

    /// <summary>Entries in the last second.</summary>
    public double SentEntriesPerSecond { get; init; }

    /// <summary>Finished messages that wait to be sent to the peers, and how many may; null while nothing is sent.</summary>
    public StatusQueue? ToPeers { get; init; }

    /// <summary>Messages from the peers.</summary>
    public long ReceivedMessages { get; init; }

    /// <summary>Entries that were taken over from them.</summary>
    public long ReceivedEntries { get; init; }

    /// <summary>Entries in the last second.</summary>
    public double ReceivedEntriesPerSecond { get; init; }

    /// <summary>Finished messages that wait to be given to the kernel, and how many may; null while nothing is.</summary>
    public StatusQueue? ToKernel { get; init; }
}

/// <summary>How full a lane is.</summary>
/// <param name="Waiting">Finished messages that wait.</param>
/// <param name="Limit">So many may.</param>
internal sealed record StatusQueue(int Waiting, int Limit);

/// <summary>A peer that was heard.</summary>
/// <param name="Peer">Its address; <c>others</c> for all together that have no place of their own.</param>
/// <param name="Version">The version of its last message.</param>
/// <param name="LastHeard">Seconds since that came.</param>
/// <param name="Messages">Its messages that could be read.</param>
/// <param name="Entries">Entries in them that were good.</param>
internal sealed record StatusPeer(string Peer, int Version, double LastHeard, long Messages, long Entries);

/// <summary>What the table holds.</summary>
/// <param name="Connections">Connections and templates.</param>
/// <param name="Limit">So many at most.</param>
/// <param name="States">By origin, protocol and state, those that there are.</param>
internal sealed record StatusTable(int Connections, int Limit, IReadOnlyList<StatusCount> States)
{
    /// <summary>Peers' connections that have no real server here, and would be lost in a failover.</summary>
    public int Unbound { get; init; }

    /// <summary>What they lack, most wanted first.</summary>
    public IReadOnlyList<StatusMissing> Missing { get; init; } = [];
}

/// <summary>A service or real server that peers have and this director has not.</summary>
/// <param name="Service">The virtual service, as <c>ipvsadm</c> prints it.</param>
/// <param name="Server">The real server that it lacks; null if the service itself is missing.</param>
/// <param name="Connections">So many wait for it.</param>
internal sealed record StatusMissing(string Service, string? Server, int Connections);

/// <summary>How many of a kind the table holds.</summary>
/// <param name="Origin">Who told us last: <c>local</c> or <c>peer</c>.</param>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="State">The state's name.</param>
/// <param name="Template">Whether they are persistence templates.</param>
/// <param name="Connections">So many.</param>
internal sealed record StatusCount(string Origin, string Protocol, string State, bool Template, int Connections);
