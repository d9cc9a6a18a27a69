namespace IpvsSync.Daemon.Flow;

/// <summary>What a director that learns depends on. Any thread.</summary>
internal interface ILearningPlace
{
    /// <summary>
    /// Whether peers can be asked: the link carries messages, and the connections that the kernel had at the start are known. What peers remember of
    /// these would else be taken for theirs.
    /// </summary>
    bool MayAsk { get; }

    /// <summary>Whether the kernel has all that was told.</summary>
    bool IsInjected { get; }

    /// <summary>The instances of the peers that are there.</summary>
    IEnumerable<uint> Peers { get; }

    /// <summary>Asks every peer for its own connections once more, one after the other, as the lanes have room.</summary>
    void AskForAll();
}
