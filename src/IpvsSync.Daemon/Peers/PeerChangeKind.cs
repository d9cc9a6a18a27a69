namespace IpvsSync.Daemon.Peers;

/// <summary>What has happened to a peer that numbers its messages.</summary>
internal enum PeerChangeKind
{
    /// <summary>It has been silent for <see cref="FlowConstants.PeerSilentMs"/>.</summary>
    Lost,

    /// <summary>It was lost, and speaks again.</summary>
    HeardAgain,

    /// <summary>Another instance at its address has followed it.</summary>
    Followed,

    /// <summary>Its address speaks on without numbers.</summary>
    Unnumbered,
}
