namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The state machine that IPVS applies to an SCTP association from the middle of its path (states: spec §8.6): all 420 transitions,
/// measured on Linux 6.1.176 with connections in every state and one packet each (<c>tests/lab/run policy</c> measures them again).
/// </summary>
internal static class SctpTransitions
{
    private const int States = 14;
    private const int Chunks = 10;

    /// <summary>The state after a chunk. A state that the kernel does not know stays unchanged.</summary>
    internal static ushort Next(ushort state, SctpChunk chunk, PacketPath path) =>
        state < States ? Table[((((int)path * States) + state) * Chunks) + (int)chunk] : state;

    // A block for each path, a row for each state (its name follows), a column for each chunk: DATA, INIT, INIT ACK, COOKIE ECHO, COOKIE
    // ACK, SHUTDOWN, SHUTDOWN ACK, SHUTDOWN COMPLETE, ERROR, ABORT.
    private static ReadOnlySpan<byte> Table =>
    [
        // from the client, replies seen
         8,  1,  5,  4,  8, 10, 13, 13, 13, 13, // NONE
         1,  2,  5,  2,  1,  1,  2, 13,  1, 13, // INIT1
         2,  2,  5,  2,  2,  2,  2, 13,  2, 13, // INIT
         3,  3,  3,  4,  3,  3,  3,  3,  3, 13, // C-SENT
         4,  4,  4,  4,  4,  4,  4,  4,  4, 13, // C-REPLIED
         5,  5,  6,  5,  5,  5,  5,  5,  5, 12, // C-WAIT
         6,  6,  6,  6,  6,  6,  6,  6,  6, 13, // COOKIE
         7,  7,  7,  7,  8,  7,  7,  7, 13, 13, // C-ECHOED
         8,  8,  8,  8,  8, 10,  8,  8,  8, 13, // ESTABLISHED
         9,  9,  9,  9,  9,  9, 13,  9,  9, 13, // S-SENT
        10, 10, 10, 10, 10, 10, 10, 10, 10, 13, // S-RECEIVED
        11, 11, 11, 11, 11, 11, 13, 13, 11, 13, // S-ACK-SENT
        12,  2, 12, 12, 12, 12, 12, 12, 12, 13, // REJECTED
        13,  2, 13, 13, 13, 13, 13, 13, 13, 13, // CLOSED
        // from the server
         8,  5,  3,  7,  8,  9, 11, 13, 13, 13, // NONE
         1,  5,  3,  7,  8,  9, 11,  1, 13, 12, // INIT1
         2,  5,  3,  7,  8,  9, 11,  2, 13, 13, // INIT
         3,  5,  3,  7,  8,  9, 11,  3, 13, 13, // C-SENT
         4,  5,  4,  7,  8,  9, 11,  4, 13, 13, // C-REPLIED
         5,  5,  5,  7,  8,  9,  5,  5,  5, 13, // C-WAIT
         6,  5,  6,  7,  8,  9,  6,  6,  6, 13, // COOKIE
         7,  5,  7,  7,  8,  9,  7,  7,  7, 13, // C-ECHOED
         8,  8,  8,  8,  8,  9,  8,  8,  8, 13, // ESTABLISHED
         9,  5,  9,  9,  9,  9, 11,  9,  9, 13, // S-SENT
        10,  5, 10, 10, 10, 10, 11, 10, 10, 13, // S-RECEIVED
        11,  5, 11, 11, 11, 11, 11, 11, 11, 13, // S-ACK-SENT
        12,  5, 12, 12, 12, 12, 12, 12, 12, 13, // REJECTED
        13,  5, 13, 13, 13, 13, 13, 13, 13, 13, // CLOSED
        // from the client alone
         8,  1,  7,  8,  8, 10, 13, 13, 13, 13, // NONE
         1,  2,  7,  8,  1,  1,  2, 13,  1, 13, // INIT1
         2,  2,  7,  8,  2,  2,  2, 13,  2, 13, // INIT
         3,  2,  7,  8,  8,  3,  3, 13,  3, 13, // C-SENT
         4,  2,  7,  8,  8,  4,  4, 13,  4, 13, // C-REPLIED
         8,  2,  7,  8,  5,  5,  5,  5,  5, 12, // C-WAIT
         6,  6,  6,  6,  8,  6,  6,  6,  6, 13, // COOKIE
         7,  7,  7,  7,  8,  7,  7,  7,  7, 13, // C-ECHOED
         8,  8,  8,  8,  8, 10, 13,  8,  8, 13, // ESTABLISHED
         9,  9,  9,  9,  9,  9, 13,  9,  9, 13, // S-SENT
        10, 10, 10, 10, 10, 10, 10, 13, 10, 13, // S-RECEIVED
        11, 11, 11, 11, 11, 11, 13, 13, 11, 13, // S-ACK-SENT
        12,  2, 12, 12, 12, 12, 12, 12, 12, 13, // REJECTED
        13,  2, 13, 13, 13, 13, 13, 13, 13, 13, // CLOSED
    ];
}
