using IpvsSync.Daemon.Authentication;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Judges the tags of a lane's messages, before anything in them is read (docs/protocol.md, "Authentication"). For the lane's receiver; allocates
/// nothing for a known peer.
/// </summary>
/// <param name="shared">What the lane's sides share.</param>
internal sealed class TagGuard(LaneAuthentication shared)
{
    private readonly LaneKeys _keys = new(shared.Store);
    private KeyRing? _ring;

    /// <summary>Whether the message that was checked last is signed right.</summary>
    public bool IsGood { get; private set; }

    /// <summary>Whether only messages are believed that are signed right, by an instance that has answered.</summary>
    public bool IsStrict => _ring?.IsRequired == true;

    /// <summary>Checks a message.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="trailer">Its trailer; default if it has none.</param>
    /// <param name="start">Where that begins; 0 if it has none.</param>
    /// <returns>False if it is refused, and counted. A good one is counted by <see cref="Note"/>, once it is known what becomes of it.</returns>
    public bool Passes(ReadOnlySpan<byte> datagram, in SourceAddress source, long nowMs, out Trailer trailer, out int start)
    {
        IsGood = false;
        _ring = _keys.Refresh();
        byte keyId = _ring is null ? (byte)0 : TagKey.IdIn(datagram);
        TagKey? key = keyId == 0 ? null : _keys.Find(keyId);
        bool fits = key?.Fits(datagram, shared.Lane) == true;
        bool hasTrailer = Trailer.TryFind(datagram, out trailer, out start);
        if (_ring is null)
            return true;
        IsGood = fits && hasTrailer;
        return IsGood || MayPass(Judge(datagram, trailer, hasTrailer, key), hasTrailer, key, keyId, source, nowMs);
    }

    /// <summary>Counts a message that was signed right.</summary>
    public void Note(in Trailer trailer, AuthenticationOutcome outcome, in SourceAddress source, long nowMs)
    {
        if (IsGood)
            shared.Ledger.Note(source, trailer.KeyId, outcome, nowMs);
    }

    private static AuthenticationOutcome Judge(ReadOnlySpan<byte> datagram, in Trailer trailer, bool hasTrailer, TagKey? key)
    {
        if (!hasTrailer)
            return Trailer.IsAbsent(datagram) ? AuthenticationOutcome.Unsigned : AuthenticationOutcome.Malformed;
        if (trailer.Type != TrailerType.Signed)
            return AuthenticationOutcome.Unsigned;
        return key is null ? AuthenticationOutcome.UnknownKey : AuthenticationOutcome.WrongTag;
    }

    /// <summary>
    /// Counts a message that is not signed right. Where unsigned ones are believed, so are those of kernels, and the reader refuses what is none of
    /// these; but not the rest of a signed one.
    /// </summary>
    private bool MayPass(
        AuthenticationOutcome outcome, bool hasTrailer, TagKey? key, byte keyId, in SourceAddress source, long nowMs)
    {
        if (outcome == AuthenticationOutcome.Unsigned && !hasTrailer)
            shared.Ledger.NoteKernel(source, nowMs);
        else
            shared.Ledger.Note(source, outcome == AuthenticationOutcome.Unsigned ? (byte)0 : keyId, outcome, nowMs);
        return !IsStrict && (outcome == AuthenticationOutcome.Unsigned || (outcome == AuthenticationOutcome.Malformed && key is null));
    }
}
