namespace IpvsSync.Daemon.Sending;

/// <summary>What became of a record that is to be told again.</summary>
internal enum Retelling
{
    /// <summary>Nothing is to be told: it has ended, is another's, or was sent since.</summary>
    NotNeeded,

    /// <summary>It was written.</summary>
    Told,

    /// <summary>The message has no room for it.</summary>
    Full,
}
