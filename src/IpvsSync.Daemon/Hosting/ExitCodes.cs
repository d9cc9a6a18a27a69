namespace IpvsSync.Daemon.Hosting;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCodes
{
    /// <summary>Success.</summary>
    public const int Done = 0;

    /// <summary>Failure; the reason is on stderr.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration; every fault is on stderr.</summary>
    public const int Usage = 2;
}
