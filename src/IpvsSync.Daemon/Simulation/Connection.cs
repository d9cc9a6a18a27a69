using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// A connection or template of the <see cref="EmbeddedDirector"/>. Live: it changes with every packet. Times are in ticks.
/// </summary>
internal sealed class Connection : IChainLink<Connection>
{
    private readonly ConnectionKey _key;
    private SyncMemory _memory;

    /// <summary>Makes a connection at <paramref name="now"/> ticks and counts it at its server.</summary>
    public Connection(in ConnectionKey key, RealServer server, ushort realPort, uint fwmark, ConnectionFlags flags, long now)
    {
        _key = key;
        _memory = SyncMemory.AtCreation(now);
        Server = server;
        RealPort = realPort;
        Fwmark = fwmark;
        Flags = flags | server.Flags;
        server.Count(Flags, 1);
    }

    /// <summary>The key that identifies the connection.</summary>
    public ref readonly ConnectionKey Key => ref _key;

    /// <summary>The real server to which it is bound.</summary>
    public RealServer Server { get; }

    /// <summary>The port of the real server.</summary>
    public ushort RealPort { get; }

    /// <summary>The firewall mark of the packet that created it.</summary>
    public uint Fwmark { get; }

    /// <summary>Its flags as sent on the wire.</summary>
    public ConnectionFlags Flags { get; private set; }

    /// <summary>Its state; the numbers depend on the protocol.</summary>
    public ushort State { get; set; }

    /// <summary>Its current timeout in ticks.</summary>
    public long Timeout { get; set; }

    /// <summary>When it expires if no packet comes; <see cref="ExpiryQueue"/> maintains it.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>When <see cref="ExpiryQueue"/> next examines it; the maximum while it is not queued.</summary>
    public long QueuedAt { get; set; } = long.MaxValue;

    /// <summary>
    /// The number of packets from the client; for a template, the number of decisions about it on behalf of its connections.
    /// </summary>
    public int InPackets { get; private set; }

    /// <inheritdoc/>
    public Connection? Controller { get; private set; }

    /// <summary>The number of connections directly under this one.</summary>
    public int Controlled { get; private set; }

    /// <summary>Whether no replies are known to pass through the director (yet).</summary>
    public bool HasNoOutput => (Flags & ConnectionFlags.IP_VS_CONN_F_NOOUTPUT) != 0;

    /// <summary>Whether it uses one-packet scheduling.</summary>
    public bool IsOnePacket => (Flags & ConnectionFlags.IP_VS_CONN_F_ONE_PACKET) != 0;

    /// <inheritdoc/>
    public ref SyncMemory Memory => ref _memory;

    /// <inheritdoc/>
    public SyncFacts Facts => new()
    {
        Timeout = Timeout,
        State = State,
        Protocol = _key.Protocol,
        Family = _key.Family,
        IsTemplate = _key.IsTemplate,
        IsOnePacket = IsOnePacket,
        HasTemplateAbove = HasTemplateAbove(),
    };

    /// <inheritdoc/>
    public int CountPacket() => ++InPackets;

    /// <summary>Attaches the connection to a template or control connection; once only.</summary>
    public void HangFrom(Connection controller)
    {
        Controller = controller;
        controller.Controlled++;
    }

    /// <summary>Records that a reply was seen.</summary>
    public void SeeOutput() => Flags &= ~ConnectionFlags.IP_VS_CONN_F_NOOUTPUT;

    /// <summary>Moves the connection between the active and inactive counts of its server.</summary>
    public void SetActive(bool isActive)
    {
        Server.Count(Flags, -1);
        Flags = isActive ? Flags & ~ConnectionFlags.IP_VS_CONN_F_INACTIVE : Flags | ConnectionFlags.IP_VS_CONN_F_INACTIVE;
        Server.Count(Flags, 1);
    }

    /// <summary>Removes the connection from the counts of its server and its controller.</summary>
    public void Release()
    {
        Server.Count(Flags, -1);
        if (Controller is not null)
            Controller.Controlled--;
    }

    /// <summary>Describes the connection as a sync message does.</summary>
    public ConnectionEntry ToEntry(int ticksPerSecond) => new()
    {
        Key = _key,
        Real = Server.Address,
        RealPort = RealPort,
        Flags = Flags,
        Fwmark = Fwmark,
        State = State,
        Timeout = (uint)(Timeout / ticksPerSecond),
    };

    private bool HasTemplateAbove()
    {
        for (Connection? above = Controller; above is not null; above = above.Controller)
        {
            if (above._key.IsTemplate)
                return true;
        }

        return false;
    }
}
