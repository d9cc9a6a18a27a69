using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Authentication;

/// <summary>Writes the trailers of one lane's messages, and signs them where messages are signed. For the lane's sender; allocates nothing.</summary>
/// <param name="store">The keys.</param>
/// <param name="lane">The lane.</param>
internal sealed class LaneSigner(KeyStore store, byte lane)
{
    private readonly LaneKeys _keys = new(store);

    /// <summary>Writes the trailer behind a message.</summary>
    /// <param name="space">The message, and room for the trailer behind it.</param>
    /// <param name="length">The length of the message in bytes.</param>
    /// <param name="instance">Whose message it is.</param>
    /// <param name="number">Its number; 0 for a message without one.</param>
    /// <returns>The length of the message with the trailer.</returns>
    public int Seal(Span<byte> space, int length, uint instance, ulong number)
    {
        if (_keys.Refresh() is null)
            return Trailer.Append(space, length, new Trailer(instance, number, KeyId: 0, TrailerType.Unsigned));
        int sealedLength = Trailer.Append(space, length, new Trailer(instance, number, _keys.Active.Id, TrailerType.Signed));
        if (sealedLength > length)
            _keys.Active.Seal(space[..sealedLength], lane);
        return sealedLength;
    }
}
