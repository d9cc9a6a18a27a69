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
/// <param name="services">Finds the service of a connection.</param>
/// <param name="push">The push connections, which are left out.</param>
internal sealed class StartSnapshot(ConnectionTable table, DestinationCache destinations, ListedServices services, PushAddresses push)
{
    private readonly List<KernelConnection> _unclear = [];

    /// <summary>The number of this director's own connections that were taken over.</summary>
    public int Own { get; private set; }

    /// <summary>The number of connections that came by synchronisation and were taken over.</summary>
    public int Synced { get; private set; }

    /// <summary>
    /// The number of connections that were left out; some need no word, because their state is never sent or their real server is gone.
    /// </summary>
    public int Skipped { get; private set; }

    /// <summary>Connections left out because no message can carry them.</summary>
    public ListedTally NotCarried { get; } = new();

    /// <summary>This director's own connections left out because their real server is not configured.</summary>
    public ListedTally NoServer { get; } = new();

    /// <summary>
    /// This director's own connections left out because services with different forwarding methods may have made them: under the wrong one
    /// the peer would forward them where nobody expects them.
    /// </summary>
    public ListedTally SeveralMethods { get; } = new();

    /// <summary>
    /// This director's own connections that were taken over under one of several services that may have made them. A peer's kernel accepts
    /// any of them (spec §6.4) and looks for the packets of a known connection by addresses only, so it lives on; the peer's counts may be
    /// another service's.
    /// </summary>
    public ListedTally Guessed { get; } = new();

    /// <summary>False if the kernel's table was replaced whenever it was read: connections may be missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the kernel's table. Slow for large ones: off the hot path.</summary>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task ReadAsync(KernelTable kernel, CancellationToken cancellation)
    {
        IsComplete = (await kernel(Begin, Add, cancellation).ConfigureAwait(false)).IsComplete;
        End();
    }

    /// <summary>Takes over one line, unless only a template can tell its service.</summary>
    internal void Add(in IpvsConnection line, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
    {
        if (!KernelConnection.TryMap(line, out KernelConnection connection))
            LeaveOut(NotCarried, []);
        else if (!push.Own(connection.Entry.Key))
            Add(connection);
    }

    /// <summary>Takes over what only the templates can tell, once all lines are there.</summary>
    internal void End()
    {
        List<(KernelConnection Connection, IReadOnlyList<ListedServer> Servers)> open = [];
        foreach (KernelConnection connection in _unclear)
        {
            IReadOnlyList<ListedServer> servers = services.FindWithTemplates(connection.Entry);
            if (servers.Count > 1)
                open.Add((connection, servers));
            else
                Take(connection, servers);
        }

        _unclear.Clear();
        // The largest group first: it fits the fewest services.
        IEnumerable<(KernelConnection, IReadOnlyList<ListedServer>)[]> groups =
            open.GroupBy(pair => EndpointOf(pair.Connection.Entry.Key), (_, group) => group.ToArray());
        foreach ((KernelConnection, IReadOnlyList<ListedServer>)[] group in groups.OrderByDescending(group => group.Length))
            Guess(group);
    }

    private static (IpFamily, byte, Address, ushort) EndpointOf(in ConnectionKey key)
        => (key.Family, key.Protocol, key.Virtual, key.VirtualPort);

    private void Guess((KernelConnection Connection, IReadOnlyList<ListedServer> Servers)[] group)
    {
        ServiceName service = services.Guess(group.Select(pair => pair.Servers));
        foreach ((KernelConnection connection, IReadOnlyList<ListedServer> servers) in group)
            Take(connection, [.. servers.OrderBy(server => server.Service != service)]);
    }

    private void Begin()
    {
        Skipped = 0;
        NotCarried.Clear();
        NoServer.Clear();
        _unclear.Clear();
        services.Begin();
    }

    private void Add(in KernelConnection connection)
    {
        if (DeadTemplate.Is(connection.Entry) || !SentStates.Includes(connection.Entry.Key, connection.Entry.State))
        {
            Skipped++;
            return;
        }

        if (connection.Entry.Key.IsTemplate)
            services.NoteTemplate(connection.Entry);
        IReadOnlyList<ListedServer> servers = services.Find(connection.Entry);
        if (servers.Count > 1)
            _unclear.Add(connection);
        else
            Take(connection, servers);
    }

    private void Take(in KernelConnection connection, IReadOnlyList<ListedServer> servers)
    {
        if (servers.Count > 0 && !connection.Entry.Key.IsTemplate)
            services.Give(servers[0]);
        if (connection.Origin == IpvsOrigin.Synced)
            Synced += Restore(connection, servers, Origin.Peer) ? 1 : 0;
        else if (servers.Count == 0)
            LeaveOut(NoServer, servers);
        else if (servers.Any(server => server.Method != servers[0].Method))
            LeaveOut(SeveralMethods, servers);
        else if (Restore(connection, servers, Origin.Local))
            CountOwn(servers);
    }

    private void CountOwn(IReadOnlyList<ListedServer> servers)
    {
        Own++;
        if (servers.Count > 1)
            Guessed.Add(servers);
    }

    private void LeaveOut(ListedTally tally, IReadOnlyList<ListedServer> servers)
    {
        Skipped++;
        tally.Add(servers);
    }

    /// <summary>One of the peers without a real server here is kept: the kernel has it, and it may get one.</summary>
    private bool Restore(in KernelConnection connection, IReadOnlyList<ListedServer> servers, Origin origin)
    {
        ListedServer server = servers.Count > 0 ? servers[0] : default;
        ConnectionEntry entry = Complete(connection.Entry, connection.ExpiresSeconds, server.Method, server.Service.Fwmark);
        return table.Restore(entry, origin, LeftMs(connection.ExpiresSeconds));
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
