using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// An IPVS in memory and in virtual time: packets in, connections kept, sync entries out, as the kernel's own master would send them
/// (spec §4). A client's packet finds or makes its connection, moves its state, restarts its timer and asks the policy; a reply does
/// all but make and ask. One thread. Time is given in milliseconds and never goes back; inside it is counted in ticks of the settings.
/// Not simulated: helpers (FTP), persistence engines, overload thresholds, ICMP, sequence adjustment.
/// </summary>
internal sealed class EmbeddedDirector
{
    /// <summary>Seconds that a connection lives on when its timer fires while others hang from it.</summary>
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

    /// <summary>A director without services.</summary>
    /// <param name="settings">The policy.</param>
    /// <param name="sent">Where entries go.</param>
    /// <param name="timeouts">Timeouts; the kernel's defaults if null.</param>
    public EmbeddedDirector(SyncSettings settings, EntrySent sent, KernelTimeouts? timeouts = null)
    {
        _settings = settings;
        _timeouts = timeouts ?? new KernelTimeouts();
        _sent = sent;
        _decided = Decided;
    }

    /// <summary>All connections and templates there are.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections.Values;

    /// <summary>The time in ticks.</summary>
    public long Now => _now;

    /// <summary>The decisions so far.</summary>
    public SyncTally Tally { get; } = new();

    /// <summary>Decides by other settings from now on, which must count the same ticks. Any thread.</summary>
    public void Change(SyncSettings settings) => _settings = settings;

    /// <summary>Adds a virtual service; real servers are added to what comes back.</summary>
    /// <exception cref="ArgumentException">There is one of that name, or it cannot be.</exception>
    public VirtualService AddService(VirtualServiceOptions options) => _services.Add(options);

    /// <summary>The connection or template of that name; null if there is none.</summary>
    public Connection? Find(in ConnectionKey key) => _connections.GetValueOrDefault(key);

    /// <summary>Lets time pass: what has timed out goes, in the order of its time.</summary>
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

    /// <summary>Lets time pass up to <paramref name="nowMs"/>, then carries one packet.</summary>
    /// <returns>False when the packet belongs to no connection and makes none.</returns>
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
        // It counts at its server until the next tick, and so when a server is chosen for its successor.
        Forget(known);
        Connection? successor = Schedule(packet);
        known.Release();
        return successor;
    }

    /// <summary>
    /// A packet that begins a connection does not go to one that is over: the port is used again (<c>conn_reuse_mode</c> 1). What hangs
    /// from a template stays, since the client shall meet its real server again.
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

    /// <summary>Makes the connection of the packet; one that is scheduled packet by packet never enters the table.</summary>
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
