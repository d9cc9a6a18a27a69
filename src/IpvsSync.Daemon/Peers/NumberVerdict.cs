namespace IpvsSync.Daemon.Peers;

/// <summary>What a message's number says about it.</summary>
internal enum NumberVerdict
{
    /// <summary>It is newer than every message of its instance and lane before it.</summary>
    Newest,

    /// <summary>A later message came before it, or it was announced before it came.</summary>
    Late,

    /// <summary>It came before, or what it carried was told again under other numbers.</summary>
    Duplicate,

    /// <summary>It is too old to know whether it came before.</summary>
    OutOfWindow,
}
