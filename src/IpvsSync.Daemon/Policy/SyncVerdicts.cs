namespace IpvsSync.Daemon.Policy;

/// <summary>Questions to a <see cref="SyncVerdict"/>.</summary>
internal static class SyncVerdicts
{
    /// <summary>How many verdicts there are: the length of an array indexed by them.</summary>
    public const int Count = (int)SyncVerdict.OutsideThreshold + 1;

    /// <summary>Whether the connection is sent.</summary>
    public static bool IsSend(this SyncVerdict verdict) => verdict < SyncVerdict.NotIPv4;
}
