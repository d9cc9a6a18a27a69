namespace IpvsSync.Daemon.Policy;

/// <summary>Properties of a <see cref="SyncVerdict"/>.</summary>
internal static class SyncVerdicts
{
    /// <summary>The number of verdicts: the length of an array indexed by them.</summary>
    public const int Count = (int)SyncVerdict.OutsideThreshold + 1;

    /// <summary>Whether the connection is sent.</summary>
    public static bool IsSend(this SyncVerdict verdict) => verdict < SyncVerdict.NotIPv4;
}
