namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The state machine that IPVS applies to a TCP connection from the middle of its path (states: spec §8.5): all 132 transitions, measured
/// on Linux 6.1.176 with connections in every state and one packet each (<c>tests/lab/run policy</c> measures them again).
/// </summary>
internal static class TcpTransitions
{
    private const int States = 11;
    private const int Signals = 4;

    /// <summary>The state after a segment. A state that the kernel does not know stays unchanged.</summary>
    internal static ushort Next(ushort state, TcpSignal signal, PacketPath path) =>
        state < States ? Table[((((int)path * States) + state) * Signals) + (int)signal] : state;

    // A block for each path, a row for each state (its name follows), a column for each signal: SYN, FIN, ACK, RST.
    private static ReadOnlySpan<byte> Table =>
    [
        // from the client, replies seen
         3,  6,  1,  6, // NONE
         1,  7,  1,  6, // ESTABLISHED
         1,  2,  2,  6, // SYN_SENT
         3,  5,  1,  3, // SYN_RECV
         3,  5,  4,  6, // FIN_WAIT
         3,  5,  5,  6, // TIME_WAIT
         3,  6,  6,  6, // CLOSE
         3,  7,  7,  6, // CLOSE_WAIT
         3,  8,  6,  8, // LAST_ACK
         3,  9,  9,  9, // LISTEN
         3,  5,  1,  3, // SYNACK
        // from the server
         2,  5,  1,  6, // NONE
         1,  4,  1,  6, // ESTABLISHED
         2,  2,  2,  2, // SYN_SENT
         3,  5,  1,  6, // SYN_RECV
         2,  4,  4,  6, // FIN_WAIT
         2,  5,  5,  5, // TIME_WAIT
         2,  6,  6,  6, // CLOSE
         2,  5,  7,  6, // CLOSE_WAIT
         2,  8,  8,  6, // LAST_ACK
         9,  9,  1,  6, // LISTEN
         3,  5,  1,  6, // SYNACK
        // from the client alone
         3,  6,  1,  6, // NONE
         1,  4,  1,  6, // ESTABLISHED
         1,  2,  2,  6, // SYN_SENT
         3,  5,  1,  3, // SYN_RECV
         3,  4,  4,  6, // FIN_WAIT
         3,  5,  5,  6, // TIME_WAIT
         3,  6,  6,  6, // CLOSE
         3,  7,  7,  6, // CLOSE_WAIT
         3,  8,  6,  8, // LAST_ACK
         3,  9,  9,  9, // LISTEN
         3,  5,  1,  6, // SYNACK
    ];
}
