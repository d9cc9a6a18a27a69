namespace IpvsSync.Daemon.Authentication;

/// <summary>What became of a peer's message where messages are signed.</summary>
internal enum AuthenticationOutcome
{
    /// <summary>It is signed right, and its number is new.</summary>
    Good,

    /// <summary>It is a whole message without a tag: that of a kernel, or of a daemon that does not sign.</summary>
    Unsigned,

    /// <summary>It is no whole message.</summary>
    Malformed,

    /// <summary>It names a key that this director does not have.</summary>
    UnknownKey,

    /// <summary>Its tag is not that of the key: another secret, another lane, or somebody has changed it.</summary>
    WrongTag,

    /// <summary>It came before, or is older than what this director looks back at.</summary>
    OldNumber,

    /// <summary>It is signed right, by an instance that has not answered this director.</summary>
    UnknownInstance,

    /// <summary>It is this director's own, that came back.</summary>
    Own,
}
