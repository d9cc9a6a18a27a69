namespace IpvsSync.Daemon.Peers;

/// <summary>What a director knows of a peer from its messages.</summary>
internal enum PeerState
{
    /// <summary>It has been heard of late.</summary>
    Heard,

    /// <summary>It has been silent for so long that another peer may take its place; see <see cref="Peer.SilentAtMs"/>.</summary>
    Silent,

    /// <summary>It numbers its messages, so that it speaks each second, and has been silent for <see cref="FlowConstants.PeerSilentMs"/>.</summary>
    Lost,
}
