using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>What counts as a difference between the kernel's table and ours, and what neither can know.</summary>
/// <param name="options">What holds now.</param>
/// <param name="timeoutMargin">Seconds by which this director's own are kept longer than their timeouts.</param>
internal sealed class AuditRules(SyncOptions options, uint timeoutMargin)
{
    /// <summary>Milliseconds before the end of a connection in which either side may have ended it already.</summary>
    private const int MarginMs = 2000;

    private readonly PushAddresses _push = new(options.Kernel.PushAddress);

    /// <summary>Whether a connection is a tool of ours, and in no table.</summary>
    public bool IsOurTool(in ConnectionKey key) => options.Kernel.IsManaged && _push.Own(key);

    /// <summary>
    /// Whether the kernel need not have told us of a connection of its own that we do not know: its state is one that it never tells, it has
    /// not had its packets yet, or we do not listen.
    /// </summary>
    public bool MayBeUntold(in KernelConnection kernel) => kernel.Origin == IpvsOrigin.Local
        && (!options.IsMaster
            || !SentStates.Includes(kernel.Entry.Key, kernel.Entry.State)
            || options.SyncThreshold > 0
            || options.SyncPersistMode != 0
            || options.Kernel.Mode == KernelMode.Attached);

    /// <summary>Whether a connection that the kernel does not have may have ended there without a word: its time is up, or it was closing.</summary>
    public bool MayHaveEnded(in ConnectionRecord ours, long nowMs)
    {
        bool isLocal = ours.Origin == Origin.Local;
        long leftMs = ours.DeadlineMs - nowMs - (isLocal ? timeoutMargin * 1000L : 0);
        return leftMs <= MarginMs || (isLocal && SentStates.MayEndUnsent(ours.Entry.Key, ours.Entry.State));
    }

    /// <summary>In what a connection differs that both have; null if in nothing.</summary>
    public static DifferenceKind? Compare(in KernelConnection kernel, in ConnectionRecord ours)
    {
        if (kernel.Entry.Real != ours.Entry.Real || kernel.Entry.RealPort != ours.Entry.RealPort)
            return DifferenceKind.RealServer;
        return kernel.Entry.State == ours.Entry.State || IsUntoldChange(kernel, ours) ? null : DifferenceKind.State;
    }

    /// <summary>The kernel says nothing when a connection enters such a state, nor at once when a template gets its first established one.</summary>
    private static bool IsUntoldChange(in KernelConnection kernel, in ConnectionRecord ours)
    {
        ConnectionKey key = kernel.Entry.Key;
        return !SentStates.Includes(key, kernel.Entry.State)
            || (key.IsTemplate && ours.Origin == Origin.Local && kernel.Entry.State == ConnectionState.IP_VS_CTPL_S_ASSURED);
    }
}
