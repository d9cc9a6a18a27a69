using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Takes over the connections that the kernel has when the daemon starts, so that the peers learn of those that are idle. The kernel does not list
/// forwarding methods and marks, which come from the configured destinations, nor flags, which follow spec §3.3. For one use.
/// </summary>
/// <param name="table">Takes each connection that it does not know yet.</param>
/// <param name="destinations">This director's real servers and timeouts.</param>
/// <param name="push">The push connections, which are left out.</param>
internal sealed class StartSnapshot(ConnectionTable table, DestinationCache destinations, PushAddresses push)
{
    /// <summary>The number of this director's own connections that were taken over.</summary>
    public int Own { get; private set; }

    /// <summary>The number of connections that came by synchronisation and were taken over.</summary>
    public int Synced { get; private set; }

    /// <summary>The number of connections left out: their real server is not configured or is gone, their state is never sent, or no message can carry them.</summary>
    public int Skipped { get; private set; }

    /// <summary>False if the kernel's table was replaced whenever it was read: connections may be missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the kernel's table. Slow for large ones: off the hot path.</summary>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task ReadAsync(KernelTable kernel, CancellationToken cancellation)
        => IsComplete = (await kernel(() => Skipped = 0, Add, cancellation).ConfigureAwait(false)).IsComplete;

    /// <summary>Takes over one line.</summary>
    internal void Add(in IpvsConnection line, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
    {
        if (!KernelConnection.TryMap(line, out KernelConnection connection))
        {
            Skipped++;
            return;
        }

        ConnectionEntry entry = connection.Entry;
        if (push.Own(entry.Key))
            return;
        if (DeadTemplate.Is(entry))
        {
            Skipped++;
            return;
        }

        Origin origin = connection.Origin == IpvsOrigin.Synced ? Origin.Peer : Origin.Local;
        bool isBound = destinations.Snapshot.TryFindListed(entry, out ConnectionFlags method, out uint fwmark);
        if (!SentStates.Includes(entry.Key, entry.State) || (origin == Origin.Local && !isBound))
        {
            Skipped++;
            return;
        }

        bool isTaken = table.Restore(Complete(entry, connection.ExpiresSeconds, method, fwmark), origin, LeftMs(connection.ExpiresSeconds));
        if (origin == Origin.Local)
            Own += isTaken ? 1 : 0;
        else
            Synced += isTaken ? 1 : 0;
    }

    /// <summary>Milliseconds until the connection ends, at most as long as a timeout can be. The kernel rounds seconds down.</summary>
    private long LeftMs(uint expiresSeconds) => (Math.Min(expiresSeconds, destinations.LongestTimeout) + 1L) * 1000;

    private ConnectionEntry Complete(in ConnectionEntry entry, uint expiresSeconds, ConnectionFlags method, uint fwmark)
    {
        ConnectionKey key = entry.Key;
        ConnectionFlags flags = entry.Flags | method;
        if (method != ConnectionFlags.IP_VS_CONN_F_MASQ)
            flags |= ConnectionFlags.IP_VS_CONN_F_NOOUTPUT;
        if (key.IsTemplate || !IsActive(key.Protocol, entry.State))
            flags |= ConnectionFlags.IP_VS_CONN_F_INACTIVE;
        // The timeout of a template is that of its service, which is not known here; only the remaining time is.
        ulong timeout = key.IsTemplate ? expiresSeconds + 1UL : Math.Max(destinations.Timeouts.Of(key.Protocol, entry.State), expiresSeconds);
        return entry with { Flags = flags, Fwmark = fwmark, Timeout = (uint)Math.Min(timeout, destinations.LongestTimeout) };
    }

    private static bool IsActive(byte protocol, ushort state) => protocol switch
    {
        IpProtocol.Tcp => state == ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        IpProtocol.Sctp => state == ConnectionState.IP_VS_SCTP_S_ESTABLISHED,
        _ => false,
    };
}
