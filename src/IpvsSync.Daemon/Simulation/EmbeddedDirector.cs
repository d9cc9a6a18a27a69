using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// An IPVS in memory and in virtual time: packets enter, connections are kept, sync entries leave as the kernel's own master would send
/// them (spec §4). A client's packet finds or creates its connection, moves its state, restarts its timer and applies the policy. A reply
/// does the same, except that it neither creates a connection nor applies the policy. One thread. Times are given in milliseconds and never
/// go back; internally they are counted in ticks of the settings. Not simulated: helpers (FTP), persistence engines, overload thresholds,
/// ICMP, sequence adjustment.
/// </summary>
internal sealed class EmbeddedDirector
{
    /// <summary>Seconds for which a connection stays when its timer fires while it still controls others.</summary>
    private const int DeferredExpiry = 60;

    private const long MillisecondsPerSecond = 1000;

    private readonly Dictionary<ConnectionKey, Connection> _connections = [];
    private readonly ServiceTable _services = new();
    private readonly ExpiryQueue _timers = new();
    private readonly KernelTimeouts _timeouts;
    private readonly EntrySent _sent;
    private readonly Action<Connection, SyncVerdict> _decided;
    private volatile SyncSettings _settings;
    private long _now;

    /// <summary>Makes a director without services.</summary>
    /// <param name="settings">The policy.</param>
    /// <param name="sent">Receives the sent entries.</param>
    /// <param name="timeouts">Timeouts; the kernel's defaults if null.</param>
    public EmbeddedDirector(SyncSettings settings, EntrySent sent, KernelTimeouts? timeouts = null)
    {
        _settings = settings;
        _timeouts = timeouts ?? new KernelTimeouts();
        _sent = sent;
        _decided = Decided;
    }

    /// <summary>All current connections and templates.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections.Values;

    /// <summary>The current time in ticks.</summary>
    public long Now => _now;

    /// <summary>The counts of decisions.</summary>
    public SyncTally Tally { get; } = new();

    /// <summary>Applies other settings from now on, which must have the same tick rate. Any thread may call it.</summary>
    public void Change(SyncSettings settings) => _settings = settings;

    /// <summary>The policy in force. Any thread may ask.</summary>
    public SyncSettings Settings => _settings;

    /// <summary>Adds a virtual service; add real servers to the result.</summary>
    /// <exception cref="ArgumentException">The service exists already, or its options are not valid.</exception>
    public VirtualService AddService(VirtualServiceOptions options) => _services.Add(options);

    /// <summary>The connection or template with this key; null if there is none.</summary>
    public Connection? Find(in ConnectionKey key) => _connections.GetValueOrDefault(key);

    /// <summary>Advances the time and removes what has timed out, in the order of expiry.</summary>
    public void AdvanceTo(long nowMs)
    {
        long target = Math.Max(_now, nowMs * _settings.TicksPerSecond / MillisecondsPerSecond);
        while (_timers.TakeDue(target) is Connection due)
        {
            _now = due.ExpiresAt;
            Expire(due);
        }

        _now = target;
    }

    /// <summary>Advances the time to <paramref name="nowMs"/>, then processes one packet.</summary>
    /// <returns>False if the packet belongs to no connection and creates none.</returns>
    public bool Receive(in Packet packet, long nowMs)
    {
        AdvanceTo(nowMs);
        Connection? connection = packet.IsReply ? Find(packet.Key) : FindOrMake(packet);
        if (connection is null)
            return false;
        StateMachine.Apply(connection, packet, _timeouts, _settings.TicksPerSecond);
        if (!packet.IsReply)
            Evaluate(connection, connection.IsOnePacket ? _settings.Threshold : connection.CountPacket());
        if (connection.IsOnePacket)
            connection.Release();
        else
            _timers.Restart(connection, _now);
        return true;
    }

    private Connection? FindOrMake(in Packet packet)
    {
        Connection? known = Find(packet.Key);
        if (known is null)
            return Schedule(packet);
        if (!IsUsedAgain(known, packet))
            return known;
        // The old connection still counts at its server until the next tick, also when a server is chosen for its successor.
        Forget(known);
        Connection? successor = Schedule(packet);
        known.Release();
        return successor;
    }

    /// <summary>
    /// Whether a packet that starts a connection reuses the port of one that is over (<c>conn_reuse_mode</c> 1). A connection under a
    /// template is not replaced, because the client should reach its real server again.
    /// </summary>
    private static bool IsUsedAgain(Connection connection, in Packet packet)
    {
        if (connection is not { Controller: null, Controlled: 0 })
            return false;
        return packet.Protocol switch
        {
            IpProtocol.Tcp => connection.State is ConnectionState.IP_VS_TCP_S_TIME_WAIT or ConnectionState.IP_VS_TCP_S_CLOSE
                && (packet.TcpFlags & TcpFlags.Syn) != 0,
            IpProtocol.Sctp => connection.State is ConnectionState.IP_VS_SCTP_S_CLOSED && packet.SctpChunk == SctpChunk.Init,
            _ => false,
        };
    }

    private Connection? Schedule(in Packet packet)
    {
        if (!StartsConnection(packet) || _services.Find(packet) is not VirtualService service)
            return null;
        if (!service.IsPersistent)
            return service.Pick(packet.Client) is RealServer server ? Connect(service, server, packet) : null;
        if (FindTemplate(service, packet) is not Connection template)
            return null;
        Connection connection = Connect(service, template.Server, packet);
        connection.HangFrom(template);
        _timers.Restart(template, _now);
        return connection;
    }

    private static bool StartsConnection(in Packet packet) => packet.Protocol switch
    {
        IpProtocol.Tcp => (packet.TcpFlags & (TcpFlags.Syn | TcpFlags.Rst)) == TcpFlags.Syn,
        IpProtocol.Sctp => packet.SctpChunk == SctpChunk.Init,
        IpProtocol.Udp => true,
        _ => false,
    };

    private Connection? FindTemplate(VirtualService service, in Packet packet)
    {
        ConnectionKey key = Persistence.TemplateKey(service.Options, packet);
        if (Find(key) is Connection known)
            return known;
        if (service.Pick(packet.Client) is not RealServer server)
            return null;
        ushort port = Persistence.TemplatePort(service.Options, server);
        Connection template = new(key, server, port, packet.Fwmark, ConnectionFlags.IP_VS_CONN_F_TEMPLATE, _now)
        {
            Timeout = (long)service.Options.PersistenceTimeout * _settings.TicksPerSecond,
        };
        _connections.Add(key, template);
        return template;
    }

    /// <summary>Creates the connection of the packet. With one-packet scheduling it never enters the table.</summary>
    private Connection Connect(VirtualService service, RealServer server, in Packet packet)
    {
        bool isAnyPort = server.Port == 0 || (service.IsPersistent && service.Options.Port == 0);
        ushort realPort = isAnyPort ? packet.VirtualPort : server.Port;
        bool isOnePacket = service.Options.IsOnePacket && packet.Protocol == IpProtocol.Udp;
        ConnectionFlags flags = isOnePacket ? ConnectionFlags.IP_VS_CONN_F_ONE_PACKET : 0;
        Connection connection = new(packet.Key, server, realPort, packet.Fwmark, flags, _now);
        if (!isOnePacket)
            _connections.Add(connection.Key, connection);
        return connection;
    }

    private void Expire(Connection connection)
    {
        if (connection.Controlled == 0)
        {
            Remove(connection);
            return;
        }

        connection.Timeout = (long)DeferredExpiry * _settings.TicksPerSecond;
        Evaluate(connection, _settings.Threshold);
        _timers.Restart(connection, _now);
    }

    private void Remove(Connection connection)
    {
        Forget(connection);
        connection.Release();
    }

    private void Forget(Connection connection)
    {
        ExpiryQueue.Stop(connection);
        _connections.Remove(connection.Key);
    }

    private void Evaluate(Connection connection, int packets) => ChainWalk.Run(connection, packets, _now, _settings, _decided);

    private void Decided(Connection connection, SyncVerdict verdict)
    {
        Tally.Add(verdict);
        if (verdict.IsSend())
            _sent(connection.ToEntry(_settings.TicksPerSecond), verdict);
    }
}
