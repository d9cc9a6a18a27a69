using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>A connection of the director, as <see cref="TrafficTape"/> tracks it. Live.</summary>
internal sealed class Tracked(Connection connection, int id)
{
    private const ushort NoState = ushort.MaxValue;

    /// <summary>The connection.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Whether the director has removed it; it ended at its <see cref="Connection.ExpiresAt"/> at the latest.</summary>
    public bool HasEnded => Connection.QueuedAt == long.MinValue;

    private ushort State { get; set; } = NoState;

    /// <summary>Whether it now has a state that a backup should know and that it did not have before.</summary>
    public bool TakeChange()
    {
        ushort before = State;
        if (before == Connection.State)
            return false;
        State = Connection.State;
        bool hasStates = !Connection.Key.IsTemplate && Connection.Key.Protocol != IpProtocol.Udp;
        return hasStates ? IsSent(State) : before == NoState;
    }

    /// <summary>The TCP states that are sent (spec §4.3).</summary>
    private static bool IsSent(ushort state) => state is ConnectionState.IP_VS_TCP_S_ESTABLISHED
        or (>= ConnectionState.IP_VS_TCP_S_FIN_WAIT and <= ConnectionState.IP_VS_TCP_S_CLOSE_WAIT);
}
