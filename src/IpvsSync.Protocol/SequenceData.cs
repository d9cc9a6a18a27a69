namespace IpvsSync.Protocol;

/// <summary>
/// How a NAT helper that changed the length of the payload shifts TCP sequence numbers, once per direction
/// (spec §1.3 and §2.3). Masters before the 2026 hardening send garbage here (spec §2.3).
/// </summary>
/// <param name="InInitSeq">Requests: the sequence number after which <paramref name="InDelta"/> applies.</param>
/// <param name="InDelta">Requests: bytes added, two's complement.</param>
/// <param name="InPreviousDelta">Requests: bytes added before <paramref name="InInitSeq"/>.</param>
/// <param name="OutInitSeq">Replies: the sequence number after which <paramref name="OutDelta"/> applies.</param>
/// <param name="OutDelta">Replies: bytes added, two's complement.</param>
/// <param name="OutPreviousDelta">Replies: bytes added before <paramref name="OutInitSeq"/>.</param>
public readonly record struct SequenceData(
    uint InInitSeq, uint InDelta, uint InPreviousDelta, uint OutInitSeq, uint OutDelta, uint OutPreviousDelta)
{
    /// <summary>Bytes on the wire, in both versions.</summary>
    internal const int WireLength = 24;
}
