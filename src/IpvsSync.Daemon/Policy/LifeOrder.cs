using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// Decides which of two states of one connection is earlier: the one from which packets that do not start a new life (no SYN, none of the
/// four handshake chunks of SCTP) lead to the other, but not back. Derived from the measured transitions. Of FIN_WAIT and CLOSE_WAIT
/// neither is earlier, because no life has both. For templates NONE is earlier than ASSURED.
/// </summary>
internal static class LifeOrder
{
    private const uint OpenTcp = 1 << ConnectionState.IP_VS_TCP_S_ESTABLISHED | 1 << ConnectionState.IP_VS_TCP_S_SYN_SENT
        | 1 << ConnectionState.IP_VS_TCP_S_SYN_RECV | 1 << ConnectionState.IP_VS_TCP_S_SYNACK;

    // For each state the set of states that can follow it, as bits.
    private static readonly ushort[] _tcp = Reach(11, TcpSteps);
    private static readonly ushort[] _sctp = Reach(14, SctpSteps);

    /// <summary>Whether a connection in the state <paramref name="known"/> has passed the state <paramref name="received"/>.</summary>
    public static bool IsBehind(byte protocol, bool isTemplate, ushort received, ushort known)
    {
        if (received == known)
            return false;
        if (isTemplate)
            return received == ConnectionState.IP_VS_CTPL_S_NONE && known == ConnectionState.IP_VS_CTPL_S_ASSURED;
        ReadOnlySpan<ushort> reach = protocol switch
        {
            IpProtocol.Tcp => _tcp,
            IpProtocol.Sctp => _sctp,
            _ => [],
        };
        return received < reach.Length && known < reach.Length && Leads(reach, received, known) && !Leads(reach, known, received);
    }

    /// <summary>Whether the states of a protocol tell how far a connection has come.</summary>
    public static bool Has(byte protocol) => protocol is IpProtocol.Tcp or IpProtocol.Sctp;

    /// <summary>Whether a connection in this state lives: a new life may begin with it. The others are on their way to the end, or say nothing.</summary>
    public static bool IsOpen(byte protocol, ushort state) => protocol switch
    {
        IpProtocol.Tcp => SentStates.Includes(OpenTcp, state),
        IpProtocol.Sctp => state is >= ConnectionState.IP_VS_SCTP_S_INIT1 and <= ConnectionState.IP_VS_SCTP_S_ESTABLISHED,
        _ => false,
    };

    /// <summary>Whether a connection in this state is on its way to the end. Protocols without states do not tell.</summary>
    public static bool IsEnding(byte protocol, ushort state) => Has(protocol) && !IsOpen(protocol, state);

    /// <summary>The state in which a connection of TCP or SCTP is established.</summary>
    public static ushort Established(byte protocol)
        => protocol == IpProtocol.Tcp ? ConnectionState.IP_VS_TCP_S_ESTABLISHED : ConnectionState.IP_VS_SCTP_S_ESTABLISHED;

    private static bool Leads(ReadOnlySpan<ushort> reach, ushort from, ushort to) => (reach[from] >> to & 1) != 0;

    private static ushort[] Reach(int states, Func<ushort, IEnumerable<ushort>> steps)
    {
        ushort[] reach = new ushort[states];
        for (ushort state = 0; state < states; state++)
            Follow(state, ref reach[state]);
        return reach;

        void Follow(ushort state, ref ushort found)
        {
            foreach (ushort next in steps(state))
            {
                ushort bit = (ushort)(1 << next);
                if ((found & bit) != 0)
                    continue;
                found |= bit;
                Follow(next, ref found);
            }
        }
    }

    private static IEnumerable<ushort> TcpSteps(ushort state) =>
        from path in Enum.GetValues<PacketPath>()
        from signal in Enum.GetValues<TcpSignal>()
        where signal != TcpSignal.Syn
        select TcpTransitions.Next(state, signal, path);

    private static IEnumerable<ushort> SctpSteps(ushort state) =>
        from path in Enum.GetValues<PacketPath>()
        from chunk in Enum.GetValues<SctpChunk>()
        where chunk is not (SctpChunk.Init or SctpChunk.InitAck or SctpChunk.CookieEcho or SctpChunk.CookieAck)
        select SctpTransitions.Next(state, chunk, path);
}
