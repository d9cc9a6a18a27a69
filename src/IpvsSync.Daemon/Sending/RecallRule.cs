namespace IpvsSync.Daemon.Sending;

/// <summary>Which records are told from the table.</summary>
/// <param name="Lane">Those of this lane.</param>
/// <param name="Lanes">Lanes of this director, a power of two.</param>
/// <param name="IsRemembered">Those of others that are not there, instead of this director's own.</param>
/// <param name="LiveOwners">By place, whether whoever told of a record is there and tells it itself.</param>
internal sealed record RecallRule(int Lane, int Lanes, bool IsRemembered, bool[] LiveOwners)
{
    /// <summary>Whether the same records are told by another rule of the lane.</summary>
    public bool TellsAs(RecallRule other) => IsRemembered == other.IsRemembered && (!IsRemembered || LiveOwners.AsSpan().SequenceEqual(other.LiveOwners));
}
