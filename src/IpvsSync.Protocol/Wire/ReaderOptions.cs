namespace IpvsSync.Protocol.Wire;

/// <summary>The settings of a reader. The default is a hardened reader that accepts any sync id.</summary>
public readonly record struct ReaderOptions
{
    /// <summary>The sync id to accept; 0 accepts any (spec §1.5 step 3).</summary>
    public byte SyncId { get; init; }

    /// <summary>The kernel whose strictness the reader applies.</summary>
    public ReaderProfile Profile { get; init; }

    /// <summary>
    /// Whether version 0 senders are big-endian machines: their sequence block is a memory image (spec §1.3). Version 1 always uses network
    /// order.
    /// </summary>
    public bool V0SequenceBigEndian { get; init; }
}
