namespace IpvsSync.Daemon.Sending;

/// <summary>A place in the table that is told from its start: templates first, then connections, each shard after shard.</summary>
internal struct RecallCursor
{
    /// <summary>The step: a shard's templates or its connections.</summary>
    public int Step;

    /// <summary>Records of the shard that are passed.</summary>
    public int Passed;
}
