using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>Decides what counts as a difference between the kernel's table and this daemon's, and what is uncertain.</summary>
/// <param name="options">The options in force.</param>
/// <param name="timeoutMargin">Seconds by which this director keeps its own connections longer than their timeouts.</param>
/// <param name="isHeld">Whether what the peers send stays in this table, because the kernel's backup must not run.</param>
internal sealed class AuditRules(SyncOptions options, uint timeoutMargin, bool isHeld = false)
{
    /// <summary>In milliseconds: so close to the end of a connection either side may have ended it already.</summary>
    private const int MarginMs = 2000;

    private readonly PushAddresses _push = new(options.Kernel.PushAddress);

    /// <summary>Whether a connection is a push connection of this daemon, which belongs in no table.</summary>
    public bool IsOurTool(in ConnectionKey key) => options.Kernel.IsManaged && _push.Own(key);

    /// <summary>
    /// Whether the kernel may not have reported a local connection that is not in this table: it never reports the connection's state, the
    /// connection has not had enough packets yet, or this daemon does not listen.
    /// </summary>
    public bool MayBeUnsent(in KernelConnection kernel) => kernel.Origin == IpvsOrigin.Local
        && (!options.IsMaster
            || !SentStates.Includes(kernel.Entry.Key, kernel.Entry.State)
            || options.SyncThreshold > 0
            || options.SyncPersistMode != 0
            || options.Kernel.Mode == KernelMode.Attached);

    /// <summary>
    /// Whether a connection that is not in the kernel's table may have ended there without a message: its time is up, or it was closing.
    /// </summary>
    public bool MayHaveEnded(in ConnectionRecord ours, long nowMs)
    {
        bool isLocal = ours.Origin == Origin.Local;
        long leftMs = ours.DeadlineMs - nowMs - (isLocal ? timeoutMargin * 1000L : 0);
        return leftMs <= MarginMs || (isLocal && SentStates.MayEndUnsent(ours.Entry.Key, ours.Entry.State));
    }

    /// <summary>Whether the kernel is not told of what the peers say about a connection.</summary>
    public bool IsHeld(in ConnectionRecord ours) => isHeld && ours.Origin == Origin.Peer;

    /// <summary>The kind of difference between the two records of a connection; null if there is none.</summary>
    public static DifferenceKind? Compare(in KernelConnection kernel, in ConnectionRecord ours)
    {
        if (kernel.Entry.Real != ours.Entry.Real || kernel.Entry.RealPort != ours.Entry.RealPort)
            return DifferenceKind.RealServer;
        return kernel.Entry.State == ours.Entry.State || IsUnsentChange(kernel, ours) ? null : DifferenceKind.State;
    }

    /// <summary>
    /// The kernel sends no message when a connection enters such a state, nor immediately when a template gets its first established
    /// connection.
    /// </summary>
    private static bool IsUnsentChange(in KernelConnection kernel, in ConnectionRecord ours)
    {
        ConnectionKey key = kernel.Entry.Key;
        return !SentStates.Includes(key, kernel.Entry.State)
            || (key.IsTemplate && ours.Origin == Origin.Local && kernel.Entry.State == ConnectionState.IP_VS_CTPL_S_ASSURED);
    }
}
