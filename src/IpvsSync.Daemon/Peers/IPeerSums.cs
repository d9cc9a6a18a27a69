namespace IpvsSync.Daemon.Peers;

/// <summary>The sums of what peers have told; see <see cref="CellSum"/>. Any thread.</summary>
internal interface IPeerSums
{
    /// <summary>The sum of one cell.</summary>
    /// <param name="owner">The peer's place; 0 is nobody.</param>
    /// <param name="cell">The cell.</param>
    ulong Peer(byte owner, int cell);

    /// <summary>Finds a place of which no connection is left.</summary>
    /// <param name="isTaken">Whether a place is another's.</param>
    /// <returns>The place; 0 if there is none.</returns>
    byte FindFree(Func<byte, bool> isTaken);
}
