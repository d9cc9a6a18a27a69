namespace IpvsSync.Daemon.Options;

/// <summary>Which pipelines of the flow this director runs. Key <c>Role</c>.</summary>
internal enum Role
{
    /// <summary>Sends its own connections and takes over those of its peers.</summary>
    Both,

    /// <summary>Sends only.</summary>
    Master,

    /// <summary>Takes over only.</summary>
    Backup,
}
