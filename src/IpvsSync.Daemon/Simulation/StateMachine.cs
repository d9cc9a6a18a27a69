using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Simulation;

/// <summary>Applies a packet to its connection before the policy decides: state, flags, timeout (spec §3.3, §8.5, §8.6).</summary>
internal static class StateMachine
{
    /// <summary>Updates <paramref name="connection"/> with one of its packets.</summary>
    public static void Apply(Connection connection, in Packet packet, KernelTimeouts timeouts, int ticksPerSecond)
    {
        if (packet.Protocol == IpProtocol.Udp)
            ApplyUdp(connection, packet);
        else
            ApplyStates(connection, packet);
        connection.Timeout = timeouts.Of(packet.Protocol, connection.State) * ticksPerSecond;
    }

    /// <summary>UDP has one state and always counts as inactive.</summary>
    private static void ApplyUdp(Connection connection, in Packet packet)
    {
        if (packet.IsReply)
            Assure(connection);
    }

    private static void ApplyStates(Connection connection, in Packet packet)
    {
        PacketPath path = PathOf(connection, packet);
        ushort state = packet.Protocol == IpProtocol.Tcp
            ? TcpTransitions.Next(connection.State, packet.TcpSignal, path)
            : SctpTransitions.Next(connection.State, packet.SctpChunk, path);
        if (state == connection.State)
            return;
        connection.State = state;
        connection.SetActive(IsActive(packet.Protocol, state));
        if (state == Established(packet.Protocol))
            Assure(connection);
    }

    private static PacketPath PathOf(Connection connection, in Packet packet)
    {
        if (!packet.IsReply)
            return connection.HasNoOutput ? PacketPath.InputOnly : PacketPath.Input;
        connection.SeeOutput();
        return PacketPath.Output;
    }

    private static bool IsActive(byte protocol, ushort state) => state == Established(protocol)
        || (protocol == IpProtocol.Tcp && state is IP_VS_TCP_S_SYN_SENT or IP_VS_TCP_S_SYN_RECV or IP_VS_TCP_S_SYNACK);

    private static ushort Established(byte protocol)
        => protocol == IpProtocol.Tcp ? IP_VS_TCP_S_ESTABLISHED : IP_VS_SCTP_S_ESTABLISHED;

    /// <summary>Marks the template above as assured: the client communicates with its server.</summary>
    private static void Assure(Connection connection)
    {
        if (connection.Controller is { Key.IsTemplate: true } template)
            template.State = IP_VS_CTPL_S_ASSURED;
    }
}
