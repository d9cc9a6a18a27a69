namespace IpvsSync.Daemon.Hosting;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed; the reason is on stderr.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration; every fault is on stderr.</summary>
    public const int Usage = 2;
}
