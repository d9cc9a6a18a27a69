using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>A connection or template of the <see cref="EmbeddedDirector"/>. Live: changes with every packet. Times in ticks.</summary>
internal sealed class Connection : IChainLink<Connection>
{
    private readonly ConnectionKey _key;
    private SyncMemory _memory;

    /// <summary>A connection that is created at <paramref name="now"/> ticks and counts at its server from now on.</summary>
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

    /// <summary>Which connection this is.</summary>
    public ref readonly ConnectionKey Key => ref _key;

    /// <summary>The real server that it is bound to.</summary>
    public RealServer Server { get; }

    /// <summary>The port there.</summary>
    public ushort RealPort { get; }

    /// <summary>The mark of the packet that created it.</summary>
    public uint Fwmark { get; }

    /// <summary>Its flags as they go on the wire.</summary>
    public ConnectionFlags Flags { get; private set; }

    /// <summary>Its state.</summary>
    public ushort State { get; set; }

    /// <summary>Its current timeout.</summary>
    public long Timeout { get; set; }

    /// <summary>When it goes if nothing happens; kept by <see cref="ExpiryQueue"/>.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>When <see cref="ExpiryQueue"/> looks at it next; the end of time while it is not in there.</summary>
    public long QueuedAt { get; set; } = long.MaxValue;

    /// <summary>Packets from the client so far; on a template, decisions about it that came from below.</summary>
    public int InPackets { get; private set; }

    /// <inheritdoc/>
    public Connection? Controller { get; private set; }

    /// <summary>How many connections hang from this one.</summary>
    public int Controlled { get; private set; }

    /// <summary>Whether replies are not, or not yet, known to pass here.</summary>
    public bool HasNoOutput => (Flags & ConnectionFlags.IP_VS_CONN_F_NOOUTPUT) != 0;

    /// <summary>Whether it is scheduled packet by packet.</summary>
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

    /// <summary>Hangs the connection from a template or control connection, once.</summary>
    public void HangFrom(Connection controller)
    {
        Controller = controller;
        controller.Controlled++;
    }

    /// <summary>A reply was seen.</summary>
    public void SeeOutput() => Flags &= ~ConnectionFlags.IP_VS_CONN_F_NOOUTPUT;

    /// <summary>Moves the connection between its server's active and inactive ones.</summary>
    public void SetActive(bool isActive)
    {
        Server.Count(Flags, -1);
        Flags = isActive ? Flags & ~ConnectionFlags.IP_VS_CONN_F_INACTIVE : Flags | ConnectionFlags.IP_VS_CONN_F_INACTIVE;
        Server.Count(Flags, 1);
    }

    /// <summary>Lets go of the server and of what the connection hangs from.</summary>
    public void Release()
    {
        Server.Count(Flags, -1);
        if (Controller is not null)
            Controller.Controlled--;
    }

    /// <summary>The connection as a sync message describes it.</summary>
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
