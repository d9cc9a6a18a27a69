using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>A connection of the director as <see cref="TrafficTape"/> follows it. Live.</summary>
internal sealed class Tracked(Connection connection, int id)
{
    private const ushort NothingTold = ushort.MaxValue;

    /// <summary>The connection.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Whether the director has removed it; it ended at its <see cref="Connection.ExpiresAt"/> at the latest.</summary>
    public bool HasEnded => Connection.QueuedAt == long.MinValue;

    private ushort State { get; set; } = NothingTold;

    /// <summary>Whether it is now something that a backup should know and that it was not before.</summary>
    public bool TakeChange()
    {
        ushort before = State;
        if (before == Connection.State)
            return false;
        State = Connection.State;
        bool hasStates = !Connection.Key.IsTemplate && Connection.Key.Protocol != IpProtocol.Udp;
        return hasStates ? IsSent(State) : before == NothingTold;
    }

    /// <summary>The states of TCP that are sent (spec §8.5).</summary>
    private static bool IsSent(ushort state) => state is ConnectionState.IP_VS_TCP_S_ESTABLISHED
        or (>= ConnectionState.IP_VS_TCP_S_FIN_WAIT and <= ConnectionState.IP_VS_TCP_S_CLOSE_WAIT);
}
