namespace IpvsSync.Daemon.Policy;

/// <summary>A connection as the walk along the chain data connection, control connection, template sees it (spec §4.5).</summary>
internal interface IChainLink<TSelf> where TSelf : class, IChainLink<TSelf>
{
    /// <summary>What the policy has to know of it now.</summary>
    SyncFacts Facts { get; }

    /// <summary>What it remembers of its last message.</summary>
    ref SyncMemory Memory { get; }

    /// <summary>What it hangs from; null for nothing.</summary>
    TSelf? Controller { get; }

    /// <summary>Counts one packet more, and says how many that makes; wraps as the kernel's signed counter does.</summary>
    int CountPacket();
}
