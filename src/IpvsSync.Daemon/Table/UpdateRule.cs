using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>What an entry makes of a connection that the table knows. Pure: storage, timers and outlets are the shard's.</summary>
internal static class UpdateRule
{
    private const ushort FirstUnprivilegedPort = 1024;

    /// <summary>Decides what a peer's entry makes of a known connection, whose real server and mark it may change.</summary>
    /// <param name="known">What is known.</param>
    /// <param name="context">What else counts.</param>
    /// <param name="entry">The entry, of the same key.</param>
    /// <param name="merged">What is known from now on; not bound yet where <paramref name="rebinds"/> says that it must be.</param>
    /// <param name="rebinds">
    /// Whether to look for the real server. The kernel tries to bind at every message, and may know a real server that the cache does not know
    /// yet (spec §6.3).
    /// </param>
    /// <returns>The verdict; what is known stays as it is when the entry is older.</returns>
    public static PeerVerdict Merge(
        in ConnectionEntry known, in UpdateContext context, in ConnectionEntry entry, out ConnectionEntry merged, out bool rebinds)
    {
        // Templates of one client with different data are different ones to the kernel. Here the last one received stands for them.
        PeerVerdict verdict = context.HasOtherPersistence
            ? PeerVerdict.Replace
            : BackupRules.Judge(known, entry, context.Facts);
        merged = verdict switch
        {
            PeerVerdict.Replace => entry,
            PeerVerdict.Update => BackupRules.Merge(known, entry),
            _ => known,
        };
        rebinds = verdict == PeerVerdict.Replace || context.IsUnbound || context.Facts.IsOwn;
        return verdict;
    }

    /// <summary>
    /// Whether a connection may lack its client's port for a while. Only the FTP helper makes such connections, for passive data: TCP, to an
    /// unprivileged port on which no service stands.
    /// </summary>
    public static bool MayLackClientPort(in ConnectionKey key)
        => key is { Protocol: IpProtocol.Tcp, VirtualPort: >= FirstUnprivilegedPort };

    /// <summary>Whether a peer's entry is news for the kernel.</summary>
    /// <param name="context">What was known before it.</param>
    /// <param name="isSame">Whether the record says already what it says after the update.</param>
    public static bool IsNews(in UpdateContext context, bool isSame) => context.Facts.IsOwn || context.IsUnbound || !isSame;

    /// <summary>Whether the life that is known after an update was told before in an earlier state.</summary>
    /// <param name="hadPast">Whether the life known before was.</param>
    /// <param name="verdict">What the entry made of it.</param>
    /// <param name="known">What was known.</param>
    /// <param name="merged">What is known from now on.</param>
    public static bool HasPast(bool hadPast, PeerVerdict verdict, in ConnectionEntry known, in ConnectionEntry merged)
    {
        if (verdict == PeerVerdict.Replace)
            return false;
        (byte protocol, bool isTemplate) = (known.KeyInPlace.Protocol, known.KeyInPlace.IsTemplate);
        return LifeOrder.IsBehind(protocol, isTemplate, known.State, merged.State)
            || (hadPast && !LifeOrder.IsBehind(protocol, isTemplate, merged.State, known.State));
    }

    /// <summary>
    /// Whether an entry of this director's own kernel begins a new life of the same ends: an earlier state than the known one. A backup may take
    /// it for an old message (<see cref="BackupRules"/>).
    /// </summary>
    public static bool IsRebirth(in ConnectionEntry entry, ushort knownState)
        => LifeOrder.IsBehind(entry.KeyInPlace.Protocol, entry.KeyInPlace.IsTemplate, entry.State, knownState);
}
