namespace IpvsSync.Daemon.Flow;

/// <summary>What a director that learns depends on. Any thread.</summary>
internal interface ILearningPlace
{
    /// <summary>Whether the link to the peers carries messages.</summary>
    bool CarriesMessages { get; }

    /// <summary>Whether the kernel has all that was told.</summary>
    bool IsInjected { get; }

    /// <summary>The instances of the peers that are there.</summary>
    IEnumerable<uint> Peers { get; }

    /// <summary>Asks every peer for its own connections once more, one after the other, as the lanes have room.</summary>
    void AskForAll();
}
