namespace IpvsSync.Daemon.Tests;

/// <summary>Tests that look at the memory or the meters of the whole process: no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
