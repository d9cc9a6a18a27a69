namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>What a key says of a tag.</summary>
internal enum TagVerdict
{
    /// <summary>It is that of the key, the lane and the bytes.</summary>
    Good,

    /// <summary>It is not: another secret, another lane, or changed bytes.</summary>
    Wrong,

    /// <summary>The key was not given.</summary>
    UnknownKey,
}
