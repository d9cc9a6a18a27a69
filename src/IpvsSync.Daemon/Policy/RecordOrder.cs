namespace IpvsSync.Daemon.Policy;

/// <summary>
/// What the receiver knows of when a peer's entry was sent, compared with the newest of the same peer that was received before it. Only numbered
/// messages tell. An order is of one sender's messages: nothing is known between two senders, nor between a sender and this director's own kernel.
/// </summary>
internal enum RecordOrder : byte
{
    /// <summary>Nothing tells: a kernel's master, or a daemon that does not number its messages.</summary>
    Unknown,

    /// <summary>It was sent after everything that was received of this sender.</summary>
    Newer,

    /// <summary>It was sent before something that was received of this sender: it fills a hole, or comes twice.</summary>
    Late,
}
