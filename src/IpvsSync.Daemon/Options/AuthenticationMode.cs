namespace IpvsSync.Daemon.Options;

/// <summary>Which messages of peers are believed. Key <c>Authentication:Mode</c>.</summary>
internal enum AuthenticationMode
{
    /// <summary>All; ours are not signed.</summary>
    Off,

    /// <summary>Those that are not signed, and those that are signed right. Ours are signed.</summary>
    Sign,

    /// <summary>Only those that are signed right, by a daemon that has answered us. Ours are signed.</summary>
    Require,
}
