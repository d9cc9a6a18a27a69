using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Takes over what the kernel knows when the daemon starts, so that the peers learn of connections that say nothing and were there before.
/// The kernel lists no flags, methods and marks: they come from the snapshot, and the flags are those of spec §3.3. For one use.
/// </summary>
/// <param name="table">Takes it, unless it knows better by then.</param>
/// <param name="destinations">This director's real servers and timeouts.</param>
/// <param name="push">The pusher's connection, which is no traffic.</param>
internal sealed class StartSnapshot(ConnectionTable table, DestinationCache destinations, PushAddresses push)
{
    /// <summary>This director's own connections that were taken over.</summary>
    public int Own { get; private set; }

    /// <summary>Connections that came by synchronisation and were taken over.</summary>
    public int Synced { get; private set; }

    /// <summary>Connections that were not: without a real server in the snapshot, in a state that is never told, or of another kind.</summary>
    public int Skipped { get; private set; }

    /// <summary>Reads the table of this process's network namespace. Slow for large ones: off the hot path.</summary>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        using var reader = IpvsConnectionReader.Open(withOrigin: true);
        await ReadAsync(reader, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a table that is open.</summary>
    /// <exception cref="IOException">The table cannot be read.</exception>
    internal Task ReadAsync(IpvsConnectionReader reader, CancellationToken cancellation) => reader.ReadAsync(Add, cancellation);

    /// <summary>Takes one line over.</summary>
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

    /// <summary>The kernel rounds down.</summary>
    private static long LeftMs(uint expiresSeconds) => (expiresSeconds + 1) * 1000L;

    private ConnectionEntry Complete(in ConnectionEntry entry, uint expiresSeconds, ConnectionFlags method, uint fwmark)
    {
        ConnectionKey key = entry.Key;
        ConnectionFlags flags = entry.Flags | method;
        if (method != ConnectionFlags.IP_VS_CONN_F_MASQ)
            flags |= ConnectionFlags.IP_VS_CONN_F_NOOUTPUT;
        if (key.IsTemplate || !IsActive(key.Protocol, entry.State))
            flags |= ConnectionFlags.IP_VS_CONN_F_INACTIVE;
        // A template's own timeout is its service's; what is left of it is all that is known.
        uint timeout = key.IsTemplate ? expiresSeconds + 1 : Math.Max(destinations.Timeouts.Of(key.Protocol, entry.State), expiresSeconds);
        return entry with { Flags = flags, Fwmark = fwmark, Timeout = timeout };
    }

    private static bool IsActive(byte protocol, ushort state) => protocol switch
    {
        IpProtocol.Tcp => state == ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        IpProtocol.Sctp => state == ConnectionState.IP_VS_SCTP_S_ESTABLISHED,
        _ => false,
    };
}
