namespace IpvsSync.Daemon.Policy;

/// <summary>A connection in the chain data connection, control connection, template (spec §4.5).</summary>
internal interface IChainLink<TSelf> where TSelf : class, IChainLink<TSelf>
{
    /// <summary>The facts that the policy needs now.</summary>
    SyncFacts Facts { get; }

    /// <summary>What the connection remembers of its last message.</summary>
    ref SyncMemory Memory { get; }

    /// <summary>The next link of the chain; null at its end.</summary>
    TSelf? Controller { get; }

    /// <summary>Counts one more packet and returns the new count, which wraps like the kernel's signed counter.</summary>
    int CountPacket();
}
